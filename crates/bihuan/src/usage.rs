//! Help and wrong options in Chinese: the library that reads options speaks English only.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Error};

/// How help is laid out.
const LAYOUT: &str = "{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n";

/// The command and all below it with Chinese headings, and what stands behind an option in Chinese too.
pub fn in_chinese(command: Command) -> Command {
    let version = command.get_version().is_some();
    let mut command = command
        .help_template(LAYOUT)
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(described);
    let flag = |name: &'static str, short, action, words: &'static str| {
        Arg::new(name).short(short).long(name).action(action).help(words).help_heading("选项")
    };
    command = command.arg(flag("help", 'h', ArgAction::Help, "显示帮助"));
    if version {
        command = command.arg(flag("version", 'V', ArgAction::Version, "显示版本"));
    }
    command.mut_subcommands(in_chinese)
}

fn described(arg: Arg) -> Arg {
    let heading = if arg.is_positional() { "参数" } else { "选项" };
    let arg = arg.help_heading(heading);
    if !arg.get_action().takes_values() {
        return arg;
    }
    let mut words = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut add = |label: &str, values: Vec<String>| {
        if values.iter().any(|value| !value.is_empty()) {
            words.push_str(&format!("（{label} {}）", values.join("、")));
        }
    };
    add("可用：", arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect());
    let texts = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned());
    add("默认", texts.collect());
    add("环境变量", arg.get_env().iter().map(|name| name.to_string_lossy().into_owned()).collect());
    arg.help(words).hide_possible_values(true).hide_default_value(true).hide_env(true)
}

/// What is printed for a command line that cannot be run, or that asks for help: the text and whether it is help.
pub fn told(error: &Error) -> (String, bool) {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => (rendered(error), true),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => (rendered(error), false),
        _ => {
            let usage = text(error, ContextKind::Usage)
                .map(|usage| {
                    format!("{}\n", usage.trim().replace("Usage:", "用法：").replace("[OPTIONS]", "[选项]"))
                })
                .unwrap_or_default();
            (format!("错误：{}。\n{usage}加 --help 查看用法。\n", what(error)), false)
        }
    }
}

fn rendered(error: &Error) -> String {
    error.render().to_string().replace("[OPTIONS]", "[选项]")
}

fn text(error: &Error, kind: ContextKind) -> Option<String> {
    Some(match error.get(kind)? {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(texts) => texts.join("、"),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(texts) => {
            texts.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
        }
        ContextValue::Number(number) => number.to_string(),
        _ => return None,
    })
}

/// The sentence without its full stop: what is wrong, where, and what would be right.
fn what(error: &Error) -> String {
    let get = |kind| text(error, kind).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let perhaps = |kind| text(error, kind).map(|word| format!("，是不是想写“{word}”？")).unwrap_or_default();
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let near = perhaps(ContextKind::SuggestedSubcommand);
            format!("没有“{}”这个命令{near}", get(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => {
            format!("还要写明做什么，可用：{}", get(ContextKind::ValidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("不认识“{arg}”{}", perhaps(ContextKind::SuggestedArg)),
        ErrorKind::MissingRequiredArgument => format!("缺少 {arg}"),
        ErrorKind::ArgumentConflict => {
            let prior = get(ContextKind::PriorArg);
            if prior.is_empty() || prior == arg {
                format!("{arg} 只能写一次")
            } else {
                format!("{arg} 不能与 {prior} 同时使用")
            }
        }
        ErrorKind::InvalidValue if get(ContextKind::InvalidValue).is_empty() => format!("{arg} 后面缺少内容"),
        ErrorKind::InvalidValue => {
            let (value, allowed) = (get(ContextKind::InvalidValue), get(ContextKind::ValidValue));
            format!("{arg} 不能是“{value}”，可用：{allowed}")
        }
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{arg} 的“{}”{reason}", get(ContextKind::InvalidValue))
        }
        ErrorKind::TooManyValues => format!("{arg} 后面的“{}”是多余的", get(ContextKind::InvalidValue)),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            format!("{arg} 后面的内容个数不对")
        }
        ErrorKind::InvalidUtf8 => "命令中有不是UTF-8的文字".to_owned(),
        _ => rendered(error).trim().to_owned(),
    }
}
