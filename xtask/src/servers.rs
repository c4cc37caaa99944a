//! The servers that tests need, found or started.

use std::process::Command;

use crate::{
    environment,
    failure::Failure,
    nats,
    postgres::{self, Server},
    redis, say,
};

/// The servers there are.
pub(crate) struct Servers {
    pub(crate) postgres: Option<Server>,
    redis: Option<redis::Server>,
    pub(crate) nats: Option<nats::Server>,
}

impl Servers {
    /// Finds or starts them, and says where they are.
    pub(crate) async fn find() -> Result<Self, Failure> {
        let servers = Self {
            postgres: postgres::find().await?,
            redis: redis::find().await?,
            nats: nats::find().await?,
        };
        if let Some(server) = &servers.postgres {
            say!("PostgreSQL: {}", server.origin());
        }
        if let Some(server) = &servers.redis {
            say!("Redis: {}", server.origin());
        }
        if let Some(server) = &servers.nats {
            say!("NATS: {}", server.origin());
        }
        Ok(servers)
    }

    /// Tells a command where they are.
    pub(crate) fn tell(&self, command: &mut Command) {
        let places = [
            (postgres::VARIABLE, self.postgres.as_ref().map(Server::url)),
            (redis::VARIABLE, self.redis.as_ref().map(redis::Server::address)),
            (nats::VARIABLE, self.nats.as_ref().map(nats::Server::address)),
        ];
        for (variable, place) in places {
            match place {
                Some(place) => command.env(variable, place),
                None => command.env_remove(variable),
            };
        }
    }

    /// Drops what was made in them, and stops those that were started.
    pub(crate) async fn clean_up(self) {
        if let Some(server) = self.postgres {
            server.clean_up().await;
        }
    }

    /// Says which tests are left out for want of a server.
    pub(crate) fn leave_out_loudly(&self) -> Result<(), Failure> {
        if self.postgres.is_none() {
            say!("****************************************************************************");
            say!("* NO POSTGRESQL: every test that needs it is LEFT OUT (their names end in  *");
            say!("* `postgres`). Install PostgreSQL, or say where one is:                    *");
            say!("* PERENNIAL_TEST_POSTGRES=postgres://user@host/database cargo xtask test   *");
            say!("****************************************************************************");
        }
        if self.redis.is_none() {
            say!("****************************************************************************");
            say!("* NO REDIS: what processes count together is LEFT OUT. Install Redis, or   *");
            say!("* say where one is: PERENNIAL_TEST_REDIS=127.0.0.1:6379 cargo xtask test   *");
            say!("****************************************************************************");
        }
        if self.nats.is_none() {
            say!("****************************************************************************");
            say!("* NO NATS: what several processes tell one another is LEFT OUT. Install    *");
            say!("* nats-server, or say where one with JetStream is:                         *");
            say!("* PERENNIAL_TEST_NATS=127.0.0.1:4222 cargo xtask test                      *");
            say!("****************************************************************************");
        }
        let left_out = self.postgres.is_none() || self.redis.is_none() || self.nats.is_none();
        if environment::is_ci() && left_out {
            return Err(Failure::new("under CI=true no test may be left out"));
        }
        Ok(())
    }
}
