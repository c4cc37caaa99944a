//! Lines of a connection as SMTP has them: ended by CR LF and by nothing else. What ends otherwise can be read as one mail
//! here and as two elsewhere, so that somebody smuggles one into another; it is refused.

use std::io;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// The longest line of a command, its end included.
const LONGEST: u64 = 1_024;

/// What was heard.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard<T> {
    This(T),
    /// There is a carriage return or a line feed by itself in it, or it is longer than lines are.
    Wrong,
    /// It is longer than is taken; it was heard to its end, and nothing was kept.
    TooLong,
    /// Nobody says anything any more.
    Nothing,
}

/// One line, without its end.
pub(super) async fn line(from: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Heard<Vec<u8>>> {
    ended_line(from, LONGEST).await
}

async fn ended_line(from: &mut (impl AsyncBufRead + Unpin), longest: u64) -> io::Result<Heard<Vec<u8>>> {
    let mut line = Vec::new();
    let read = from.take(longest).read_until(b'\n', &mut line).await?;
    if read == 0 {
        return Ok(Heard::Nothing);
    }
    let Some(content) = line.strip_suffix(b"\r\n").filter(|content| !content.contains(&b'\r')) else {
        return Ok(if line.ends_with(b"\n") || line.len() as u64 == longest || line.contains(&b'\r') {
            Heard::Wrong
        } else {
            Heard::Nothing
        });
    };
    let length = content.len();
    line.truncate(length);
    Ok(Heard::This(line))
}

/// A mail, to the line that holds a dot alone. One that is longer than `limit` is heard to its end, as long as that is
/// not twice as far.
pub(super) async fn mail(from: &mut (impl AsyncBufRead + Unpin), limit: usize) -> io::Result<Heard<Vec<u8>>> {
    let mut mail = Vec::new();
    let mut length = 0_usize;
    loop {
        // Lines of a mail may be as long as it is: some programs break none.
        let longest = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(2);
        let line = match ended_line(from, longest).await? {
            Heard::This(line) => line,
            other @ (Heard::Wrong | Heard::TooLong | Heard::Nothing) => return Ok(other),
        };
        if line == b"." {
            return Ok(if length > limit { Heard::TooLong } else { Heard::This(mail) });
        }
        let content = line.strip_prefix(b".").unwrap_or(&line);
        length = length.saturating_add(content.len() + 2);
        if length > limit.saturating_mul(2) {
            return Ok(Heard::Wrong);
        }
        if length <= limit {
            mail.extend_from_slice(content);
            mail.extend_from_slice(b"\r\n");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn taken(text: &[u8], limit: usize) -> Heard<Vec<u8>> {
        mail(&mut &text[..], limit).await.unwrap()
    }

    #[tokio::test]
    async fn a_mail_ends_with_a_dot_and_keeps_its_own() {
        let heard = taken(b"a\r\n..b\r\n...\r\n.\r\nQUIT\r\n", 100).await;
        assert_eq!(heard, Heard::This(b"a\r\n.b\r\n..\r\n".to_vec()));
    }

    #[tokio::test]
    async fn nothing_is_smuggled_behind_an_end_that_is_none() {
        for text in [
            &b"a\n.\nMAIL FROM:<x>\r\n.\r\n"[..],
            b"a\r\n.\nMAIL FROM:<x>\r\n.\r\n",
            b"a\n.\r\nMAIL FROM:<x>\r\n.\r\n",
            b"a\r.\rMAIL FROM:<x>\r\n.\r\n",
            b"a\r\n.\rMAIL\r\n.\r\n",
            b"a\r\r\n.\r\n",
        ] {
            assert_eq!(taken(text, 1_000).await, Heard::Wrong, "{:?}", String::from_utf8_lossy(text));
        }
    }

    #[tokio::test]
    async fn what_is_too_long_is_heard_out_within_bounds() {
        assert_eq!(taken(&[&b"abcdefgh\r\n".repeat(15)[..], b".\r\n"].concat(), 100).await, Heard::TooLong);
        assert_eq!(taken(&b"abcdefgh\r\n".repeat(1_000), 100).await, Heard::Wrong);
        assert_eq!(taken(&b"a".repeat(1_000), 100).await, Heard::Wrong);
        assert_eq!(taken(b"never ended\r\n", 100).await, Heard::Nothing);
    }

    #[tokio::test]
    async fn a_command_is_a_line_of_bounded_length() {
        assert_eq!(line(&mut &b"NOOP\r\nQUIT\r\n"[..]).await.unwrap(), Heard::This(b"NOOP".to_vec()));
        assert_eq!(line(&mut &b"NOOP\nQUIT\r\n"[..]).await.unwrap(), Heard::Wrong);
        assert_eq!(line(&mut &[b'a'; 5_000][..]).await.unwrap(), Heard::Wrong);
        assert_eq!(line(&mut &b""[..]).await.unwrap(), Heard::Nothing);
    }
}
