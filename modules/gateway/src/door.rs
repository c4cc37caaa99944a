//! What every request of the API and of the pages passes: how much is done at once, limits by address, who is asking,
//! limits by user and key.

use std::{
    collections::{HashMap, HashSet},
    net::IpAddr,
    sync::Arc,
};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::Method;
use kernel::Scope;
use platform::{
    http::{ClientAddress, Peer, client_address, may_only_forward},
    lifecycle::Tasks,
    module::{Mark, Nature},
    networks::Networks,
};

use crate::{
    idempotency::Idempotency,
    identity::Identity,
    limits::{Limits, Standing},
    load::{Class, Load},
};

/// What the door knows.
pub(crate) struct Door {
    pub(crate) identity: Identity,
    pub(crate) idempotency: Arc<Idempotency>,
    /// What goes on although nobody waits for it.
    pub(crate) tasks: Tasks,
    pub(crate) limits: Limits,
    pub(crate) load: Load,
    pub(crate) trusted_proxies: Networks,
    marks: HashMap<&'static str, Nature>,
    /// The writes that may be sent again: their methods and paths.
    repeatable: HashSet<(Method, String)>,
}

impl Door {
    pub(crate) fn new(
        identity: Identity,
        (idempotency, tasks): (Arc<Idempotency>, Tasks),
        limits: Limits,
        load: Load,
        trusted_proxies: Networks,
        marks: &[Mark],
        repeatable: HashSet<(Method, String)>,
    ) -> Self {
        let marks = marks.iter().map(|mark| (mark.path, mark.nature)).collect();
        Self { identity, idempotency, tasks, limits, load, trusted_proxies, marks, repeatable }
    }

    fn nature(&self, request: &Request) -> Option<Nature> {
        let route = request.extensions().get::<MatchedPath>()?;
        self.marks.get(route.as_str()).copied()
    }

    fn is_repeatable(&self, request: &Request) -> bool {
        let route = request.extensions().get::<MatchedPath>().filter(|_| !request.method().is_safe());
        route.is_some_and(|route| {
            self.repeatable.contains(&(request.method().clone(), route.as_str().to_owned()))
        })
    }

    /// Without a connection, as in tests of a router alone, a request comes from nowhere.
    fn address(&self, request: &Request) -> IpAddr {
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0; 4]), |peer| peer.0);
        client_address(peer, request.headers(), &self.trusted_proxies)
    }

    /// Puts the actor into the request when there is one. Whether one is needed is for each handler to say.
    async fn answer(&self, mut request: Request, next: Next) -> Result<Response, Response> {
        let (nature, method) = (self.nature(&request), request.method().clone());
        let class = Class::of(nature, &method, request.headers());
        // Secrets are slow to check, and files and sentences to read: how long those take says nothing of the rest.
        let tells = matches!(nature, None | Some(Nature::Payment));
        let place = self.load.enter(class, tells).await.map_err(IntoResponse::into_response)?;
        let address = self.address(&request);
        request.extensions_mut().insert(ClientAddress(address));
        let mut standing =
            self.limits.of_address(address, &method, nature).await.map_err(IntoResponse::into_response)?;
        let (actor, stray) = self
            .identity
            .recognise(request.headers(), request.uri().path())
            .await
            .map_err(IntoResponse::into_response)?;
        if let Some(actor) = actor {
            let own =
                self.limits.of_actor(&actor, &method, nature).await.map_err(IntoResponse::into_response)?;
            standing = tighter(standing, own);
            // Whatever answers: also what is answered from memory before any handler looks who asks.
            if actor.scope == Scope::Messages && nature != Some(Nature::Forwarding) {
                return Err(may_only_forward().into_response());
            }
            request.extensions_mut().insert(actor);
        }
        let mut response = match actor {
            Some(actor) if self.is_repeatable(&request) => {
                self.idempotency.answer(&actor, request, next, &self.tasks).await
            }
            Some(_) | None => next.run(request).await,
        };
        drop(place);
        if let Some(standing) = standing {
            standing.tell(response.headers_mut());
        }
        Ok(if stray { self.identity.forget_household(response) } else { response })
    }
}

fn tighter(one: Option<Standing>, other: Option<Standing>) -> Option<Standing> {
    one.map_or(other, |one| Some(one.or_tighter(other)))
}

pub(crate) async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    door.answer(request, next).await.unwrap_or_else(|refused| refused)
}
