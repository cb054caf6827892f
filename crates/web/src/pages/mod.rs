//! Pages, one file per noun. Each offers `routes()`, a list of [`crate::route::Route`].
