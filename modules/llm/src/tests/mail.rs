//! Mail that is forwarded to an address of somebody's own.

use std::time::Duration;

use contracts::erasure::{AccountErasing, Parting};
use platform::{db::Batch, http::Origin};

use super::{Stage, actor, id};
use crate::{MIGRATIONS, mail::address::Delivered, store};

const SET: [(&str, &str); 3] =
    [("mail_in.listen", "127.0.0.1:0"), ("mail_in.domain", "in.example.org"), ("mail_in.hourly", "2")];

async fn local(stage: &Stage, person: u128) -> String {
    let address = stage.reader.make_mail_address(&actor(person), &Origin::default()).await.unwrap();
    let (local, domain) = address.split_once('@').unwrap();
    assert_eq!(domain, "in.example.org");
    local.to_owned()
}

async fn delivered(stage: &Stage, local: &str, words: &str, id: &str) -> Delivered {
    stage.reader.deliver(local, words, Some(id), None).await.unwrap()
}

platform::both_databases! { MIGRATIONS,
    async fn a_mail_is_read_for_whom_it_is_and_so_many_in_an_hour(database: Database) {
        let stage = Stage::set(database, &SET);
        let (one, other) = (local(&stage, 1).await, local(&stage, 2).await);
        assert_eq!(delivered(&stage, &one, "Netflix ₹499 monthly", "a").await, Delivered::Taken);
        assert_eq!(delivered(&stage, &one, "Netflix ₹499 monthly", "a").await, Delivered::Taken);
        assert_eq!((stage.tracked.of(1).as_slice(), stage.tracked.count()), (&["Netflix".to_owned()][..], 1));
        assert_eq!(delivered(&stage, &one, "Spotify ₹119 monthly", "b").await, Delivered::Later);
        assert_eq!(delivered(&stage, &other, "Spotify ₹119 monthly", "b").await, Delivered::Taken);
        stage.clock.advance(Duration::from_secs(3_600));
        assert_eq!(delivered(&stage, &one, "Spotify ₹119 monthly", "b").await, Delivered::Taken);
        assert_eq!(stage.reader.by_mail(&actor(1)).await.unwrap().len(), 2);
    }

    async fn an_address_ends_with_the_next_and_with_what_its_owner_may_do(database: Database) {
        let stage = Stage::set(database, &SET);
        let first = local(&stage, 1).await;
        let next = local(&stage, 1).await;
        assert!(!stage.reader.is_mail_address(&first).await.unwrap());
        assert!(stage.reader.is_mail_address(&next).await.unwrap());
        stage.reader.revoke_mail_address(&actor(1), &Origin::default()).await.unwrap();
        assert_eq!(delivered(&stage, &next, "Netflix ₹499 monthly", "a").await, Delivered::Gone);
        let viewer = local(&stage, 9).await;
        assert_eq!(delivered(&stage, &viewer, "Netflix ₹499 monthly", "a").await, Delivered::Gone);
        let suspended = local(&stage, 8).await;
        assert_eq!(delivered(&stage, &suspended, "Netflix ₹499 monthly", "a").await, Delivered::Gone);
        assert_eq!(stage.tracked.count(), 0);
    }

    async fn an_address_goes_with_the_account(database: Database) {
        let stage = Stage::set(database, &SET);
        let (gone, stays) = (local(&stage, 1).await, local(&stage, 2).await);
        let user: kernel::UserId = id(1);
        let households = vec![Parting { household: user.own_household(), heir: None }];
        let mut batch = Batch::new();
        store::erase(&mut batch, &AccountErasing { erasure: id(7), user, round: 1, households });
        stage.database.apply(batch).await.unwrap();
        assert!(!stage.reader.is_mail_address(&gone).await.unwrap());
        assert!(stage.reader.is_mail_address(&stays).await.unwrap());
    }

    async fn where_no_mail_comes_in_there_are_no_addresses(database: Database) {
        let stage = Stage::set(database, &[]);
        assert!(stage.reader.make_mail_address(&actor(1), &Origin::default()).await.is_err());
    }
}
