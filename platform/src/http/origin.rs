//! From where a request comes, and with what: for lists in which people recognise their own devices.

use std::{convert::Infallible, net::IpAddr};

use axum::extract::FromRequestParts;
use http::{header, request::Parts};

/// The address a request comes from, as the door found it out. The door puts it into the request.
#[derive(Debug, Clone, Copy)]
pub struct ClientAddress(pub IpAddr);

/// The longest name of a device that is kept.
const DEVICE: usize = 200;

/// Where a request comes from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The address, where the door knows it.
    pub address: Option<IpAddr>,
    /// What the client calls itself (`User-Agent`), at most 200 visible characters; empty when it says nothing.
    pub device: String,
}

impl Origin {
    /// The address as text; empty where it is not known.
    pub fn address_text(&self) -> String {
        self.address.map(|address| address.to_string()).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<ClientAddress>().map(|known| known.0);
        let said = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self { address, device: said.unwrap_or_default().chars().take(DEVICE).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_a_client_calls_itself_is_cut_where_it_is_too_long() {
        let mut request = http::Request::new(());
        request.headers_mut().insert(header::USER_AGENT, "x".repeat(5_000).parse().unwrap());
        request.extensions_mut().insert(ClientAddress([192, 0, 2, 7].into()));
        let Ok(origin) = Origin::from_request_parts(&mut request.into_parts().0, &()).await;
        assert_eq!((origin.device.len(), origin.address_text().as_str()), (DEVICE, "192.0.2.7"));
    }
}
