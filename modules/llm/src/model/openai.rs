//! Whatever speaks like OpenAI: OpenAI, Ollama, llama.cpp, vLLM, OpenRouter.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};
use http_body_util::Full;
use platform::{
    outbound::{Bounds, Outbound, Reach, check_address, host},
    settings::Secret,
};
use serde::Deserialize;
use serde_json::json;

use super::{LanguageModel, ModelError, Task, Told, Usage};
use crate::LlmSettings;

/// The longest answer, in bytes.
const LENGTH: usize = 64 * 1024;

/// A model behind such an interface.
pub(crate) struct OpenAi {
    outbound: Outbound,
    url: String,
    model: String,
    key: Secret,
    timeout: Duration,
}

#[derive(Deserialize)]
struct Completion {
    #[serde(default)]
    choices: Vec<Choice>,
    usage: Option<Counted>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Counted {
    prompt_tokens: u32,
    #[serde(default)]
    completion_tokens: u32,
}

impl OpenAi {
    /// The model of the settings; `None` where they name none.
    pub(crate) fn new(outbound: Outbound, settings: &LlmSettings) -> Option<Self> {
        (!settings.url.is_empty() && !settings.model.is_empty()).then(|| Self {
            outbound,
            url: format!("{}/chat/completions", settings.url.trim_end_matches('/')),
            model: settings.model.clone(),
            key: settings.key.clone(),
            timeout: settings.timeout.duration(),
        })
    }

    fn request(&self, task: &Task) -> Result<Request<Full<Bytes>>, ModelError> {
        let body = json!({
            "model": self.model,
            "temperature": 0,
            "max_tokens": task.written,
            "messages": [
                {"role": "system", "content": task.rules},
                {"role": "user", "content": task.data.to_string()},
            ],
            "response_format": {"type": "json_schema", "json_schema": {
                "name": task.name, "strict": true, "schema": task.schema,
            }},
        });
        let wrong = |_| ModelError::Refuses("llm.url or llm.key cannot be sent".into());
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json")
            .body(Full::from(body.to_string()))
            .map_err(wrong)?;
        authorise(&mut request, &self.key)?;
        Ok(request)
    }
}

/// Sends the key along, where there is one.
pub(super) fn authorise(request: &mut Request<Full<Bytes>>, key: &Secret) -> Result<(), ModelError> {
    if !key.expose().is_empty() {
        let mut value = HeaderValue::try_from(format!("Bearer {}", key.expose()))
            .map_err(|_| ModelError::Refuses("the key holds what no header can".into()))?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    Ok(())
}

/// Asks one that does not rest; what says "later" may be asked again.
pub(super) async fn ask(
    outbound: &Outbound,
    request: Request<Full<Bytes>>,
    bounds: Bounds,
) -> Result<Bytes, ModelError> {
    let place = check_address(&request.uri().to_string(), Reach::Anywhere).map_err(ModelError::Refuses)?;
    if let Some(rest) = outbound.dependencies().rests(&host(&place)) {
        return Err(ModelError::Away(format!("it is left alone for {} seconds", rest.as_secs())));
    }
    let (parts, body) =
        outbound.send(request, bounds).await.map_err(|error| ModelError::Away(error.to_string()))?;
    match parts.status {
        status if status.is_success() => Ok(body),
        status if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS => {
            Err(ModelError::Away(format!("it answered {status}")))
        }
        status => Err(ModelError::Refuses(format!("it answered {status}"))),
    }
}

#[async_trait]
impl LanguageModel for OpenAi {
    fn name(&self) -> &str {
        &self.model
    }

    async fn ask(&self, task: &Task) -> Result<Told, ModelError> {
        let bounds = Bounds { timeout: self.timeout, length: LENGTH };
        let body = ask(&self.outbound, self.request(task)?, bounds).await?;
        let Ok(completion) = serde_json::from_slice::<Completion>(&body) else {
            return Ok(Told { content: String::new(), usage: None });
        };
        let usage = completion
            .usage
            .map(|counted| Usage { read: counted.prompt_tokens, written: counted.completion_tokens });
        let content = completion.choices.into_iter().next().and_then(|choice| choice.message.content);
        Ok(Told { content: content.unwrap_or_default(), usage })
    }
}
