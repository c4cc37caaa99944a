//! The UI kit: two layouts, components, forms and assets. It has no pages and knows no business; the modules
//! have the pages and make them of this.
//!
//! A page is a struct with a template. The template extends `layout.html` (somebody is signed in) or
//! `entry.html` (nobody is), both of which expect a field `shell` of type [`Shell`], and imports
//! `components.html`, whose macros take the structs of [`view`]:
//!
//! ```html
//! {% extends "layout.html" %}
//! {% import "components.html" as ui %}
//! {% block content %}
//!   {{ ui::heading("Subscriptions") }}
//!   <ul class="rows">
//!     {% for row in rows %}{{ ui::subscription_row(row, shell.manner) }}{% endfor %}
//!   </ul>
//! {% endblock %}
//! ```
//!
//! [`page`] renders it. Everything works without scripts and under a policy of `script-src 'self'; style-src
//! 'self'`: no macro writes an inline script or a style attribute.

mod assets;
pub mod format;
mod manner;
mod page;
mod shell;
pub mod view;

pub use assets::{asset_url, assets};
pub use manner::Manner;
pub use page::{RenderError, page, page_with};
pub use shell::{Home, Notice, NoticeButton, Person, Shell, Tab, Theme, Tone};
