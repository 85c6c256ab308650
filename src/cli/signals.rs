//! What ends a server from outside: SIGTERM, Ctrl-C, the end of the terminal, and that of standard input where it
//! counts.

use std::io::Read;

use tokio::sync::oneshot;

/// What is done at the first signal, which lets the requests under way end, and at the second, which does not
/// wait for them.
pub(super) struct Signals<First, Second> {
    pub(super) first: First,
    pub(super) second: Second,
}

/// Watches for signals from now on, and for the end of standard input where that is one.
pub(super) fn watch(
    until_stdin_closes: bool,
) -> std::io::Result<Signals<impl Future<Output = ()>, impl Future<Output = ()>>> {
    let mut watch = Watch::start()?;
    let input = until_stdin_closes.then(end_of_input).transpose()?;
    let ((first, first_heard), (second, second_heard)) = (oneshot::channel(), oneshot::channel());
    actix_rt::spawn(async move {
        let name = tokio::select! {
            name = watch.first() => name,
            () = ended(input) => "standard input is at its end (--until-stdin-closes)",
        };
        tracing::info!("{name}: requests under way may end; a second SIGTERM or Ctrl-C ends them at once");
        let _ = first.send(());
        let name = watch.second().await;
        tracing::warn!("a second signal, {name}: requests under way are cut off");
        let _ = second.send(());
    });
    Ok(Signals { first: done(first_heard), second: done(second_heard) })
}

/// Tells once there is nothing more to read of standard input, whatever comes before. A thread waits for that, and ends
/// with the process: no other way to wait is there on all systems and for all that an input may be.
fn end_of_input() -> std::io::Result<oneshot::Receiver<()>> {
    let (ended, told) = oneshot::channel();
    let read = move || {
        let (mut input, mut passed_over) = (std::io::stdin().lock(), [0; 4096]);
        loop {
            match input.read(&mut passed_over) {
                Ok(1..) => {}
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                // What cannot be read is at its end, too.
                Ok(0) | Err(_) => break,
            }
        }
        let _ = ended.send(());
    };
    std::thread::Builder::new().name("stdin".to_owned()).spawn(read)?;
    Ok(told)
}

async fn ended(input: Option<oneshot::Receiver<()>>) {
    match input {
        Some(input) => done(input).await,
        None => std::future::pending().await,
    }
}

async fn done(heard: oneshot::Receiver<()>) {
    let _ = heard.await;
}

#[cfg(unix)]
struct Watch {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hangup: Option<tokio::signal::unix::Signal>,
}

#[cfg(unix)]
impl Watch {
    fn start() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: if is_hangup_ours() { Some(signal(SignalKind::hangup())?) } else { None },
        })
    }

    async fn first(&mut self) -> &'static str {
        let Self { terminate, interrupt, hangup } = self;
        let hung_up = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
            _ = hung_up => "SIGHUP",
        }
    }

    /// A terminal that closes may say so twice, so SIGHUP is never the second.
    async fn second(&mut self) -> &'static str {
        tokio::select! {
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

#[cfg(not(unix))]
struct Watch;

#[cfg(not(unix))]
impl Watch {
    fn start() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn first(&mut self) -> &'static str {
        let _ = tokio::signal::ctrl_c().await;
        "Ctrl-C"
    }

    async fn second(&mut self) -> &'static str {
        self.first().await
    }
}

/// Whether SIGHUP is for this process: `nohup` starts one that is to outlive its terminal.
#[cfg(target_os = "linux")]
fn is_hangup_ours() -> bool {
    const SIGHUP: u32 = 1;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_none_or(|mask| mask & (1 << (SIGHUP - 1)) == 0)
}

/// Whether SIGHUP is for this process: `nohup` starts one that is to outlive its terminal, and takes both
/// outputs away from it. No safe call tells here what is ignored.
#[cfg(all(unix, not(target_os = "linux")))]
fn is_hangup_ours() -> bool {
    use std::io::IsTerminal;
    std::io::stdout().is_terminal() || std::io::stderr().is_terminal()
}
