//! The program as its users meet it: commands, a crash, a browser; and the rules of the house.

mod browser;
mod cli;
mod config;
mod crash;
mod demo;
mod support;
mod tidy;
