//! Whose figures a page shows: the household's, or one's own part of them.

use contracts::users::Member;
use kernel::{Actor, Invalid};
use serde::Deserialize;
use web::view::{Filter, Select};

use crate::{Tracker, service::Whose};

/// Whose are asked for, as a link says it.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    view: Option<String>,
}

impl Asked {
    pub(super) fn whose(&self) -> Whose {
        if self.view.as_deref() == Some("mine") { Whose::Mine } else { Whose::Ours }
    }
}

/// The same page with the figures of `whose`.
pub(super) fn address(page: &str, whose: Whose) -> String {
    match whose {
        Whose::Ours => page.to_owned(),
        Whose::Mine => {
            let (page, fragment) = page.split_once('#').map_or((page, None), |(page, at)| (page, Some(at)));
            let joint = if page.contains('?') { '&' } else { '?' };
            let fragment = fragment.map(|at| format!("#{at}")).unwrap_or_default();
            format!("{page}{joint}view=mine{fragment}")
        }
    }
}

/// Whether several share the household, so that there is a choice.
pub(super) async fn shared(tracker: &Tracker, actor: &Actor) -> bool {
    tracker.everybody(actor).await.is_ok_and(|everybody| everybody.len() > 1)
}

/// The choice between the household's figures and one's own.
pub(super) fn views(page: &str, whose: Whose) -> Vec<Filter> {
    let filter = |text: &str, of: Whose| Filter {
        text: text.into(),
        href: address(page, of),
        active: whose == of,
        count: None,
    };
    vec![filter("Ours", Whose::Ours), filter("Mine", Whose::Mine)]
}

/// The choice of whose part counts, where there are several to choose from.
pub(super) fn part_of(members: &[Member], typed: &str, wrong: &Invalid) -> Option<Select> {
    let present: Vec<_> = members.iter().filter(|member| member.left_at.is_none()).collect();
    let everybody = std::iter::once((String::new(), "Everybody’s".to_owned()));
    let each = present.iter().map(|member| (member.id.to_string(), format!("{}’s part", member.name)));
    (present.len() > 1).then(|| {
        Select::new("member", "Whose").choices(everybody.chain(each)).value(typed).check(wrong, "/member_id")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_whose_before_its_fragment() {
        let mine = |page| address(page, Whose::Mine);
        assert_eq!(mine("/figures"), "/figures?view=mine");
        assert_eq!(mine("/figures?by=tag"), "/figures?by=tag&view=mine");
        assert_eq!(
            mine("/figures/outlook?month=2026-05#charges"),
            "/figures/outlook?month=2026-05&view=mine#charges"
        );
        assert_eq!(address("/figures#x", Whose::Ours), "/figures#x");
    }
}
