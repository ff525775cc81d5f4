//! Typesetting in worker processes of the same binary: they use all cores, keep the daemon small, and a template that never
//! ends ends with them.
//!
//! Frames of a length and bytes go to a worker's standard input: the setup (JSON), the logo, then papers (JSON); for each
//! paper a frame comes back, led by a byte that tells a PDF (0) from an error (1).

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::document::{Engine, Logo, Paper, PaperError, Request, Style, Templates};

/// The hidden command that makes the binary a worker.
pub const WORKER_COMMAND: &str = "render-worker";

/// How long one paper may take.
const LIMIT: Duration = Duration::from_secs(60);

/// The largest frame that is read.
const LARGEST: u32 = 256 << 20;

/// How papers are made.
#[derive(Debug, Clone)]
pub enum Renderer {
    /// By workers: the program to start, and how many at most.
    Workers {
        /// The binary.
        program: PathBuf,
        /// The most workers at once.
        most: usize,
    },
    /// Not at all: a simulation that only wants figures.
    Nothing,
}

/// What all papers of a business share.
#[derive(Debug, Clone, Default)]
pub struct Stationery {
    /// How they look.
    pub style: Style,
    /// The logo.
    pub logo: Option<Logo>,
    /// The owner's templates.
    pub templates: Templates,
}

#[derive(Debug, Serialize, Deserialize)]
struct Setup {
    style: Style,
    templates: Templates,
    logo_format: Option<String>,
}

impl Renderer {
    /// Typesets papers; the results stand in their order. With [`Renderer::Nothing`] each is nothing.
    ///
    /// # Errors
    /// When no worker can be started.
    pub async fn render(
        &self,
        papers: &[Paper],
        stationery: &Stationery,
    ) -> io::Result<Vec<Result<Option<Vec<u8>>, PaperError>>> {
        let Renderer::Workers { program, most } = self else { return Ok(papers.iter().map(|_| Ok(None)).collect()) };
        let workers = papers.len().min(*most).max(1);
        let share = papers.len().div_ceil(workers).max(1);
        let shares = papers.chunks(share).map(|share| work(program, stationery, share));
        let done = futures_util::future::try_join_all(shares).await?;
        Ok(done.into_iter().flatten().map(|result| result.map(Some)).collect())
    }
}

/// Has one worker after the other typeset a share: one that fails or takes too long is replaced.
async fn work(
    program: &PathBuf,
    stationery: &Stationery,
    share: &[Paper],
) -> io::Result<Vec<Result<Vec<u8>, PaperError>>> {
    let mut results = Vec::with_capacity(share.len());
    let mut worker: Option<Worker> = None;
    for paper in share {
        let running = match &mut worker {
            Some(running) => running,
            None => worker.insert(Worker::start(program, stationery).await?),
        };
        let result = match tokio::time::timeout(LIMIT, running.typeset(paper)).await {
            Ok(Ok(result)) => result,
            Ok(Err(cause)) => {
                worker = None;
                Err(PaperError::Pdf(format!("the worker ended: {cause}")))
            }
            Err(_) => {
                worker = None;
                Err(PaperError::Slow(LIMIT.as_secs()))
            }
        };
        results.push(result);
    }
    Ok(results)
}

struct Worker {
    input: ChildStdin,
    output: ChildStdout,
    /// Killed when dropped.
    _process: Child,
}

impl Worker {
    async fn start(program: &PathBuf, stationery: &Stationery) -> io::Result<Worker> {
        let mut command = Command::new(program);
        command
            .arg(WORKER_COMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        let mut process = command.spawn()?;
        let piped = || io::Error::other("the worker has no pipes");
        let input = process.stdin.take().ok_or_else(piped)?;
        let output = process.stdout.take().ok_or_else(piped)?;
        let mut worker = Worker { input, output, _process: process };
        let setup = Setup {
            style: stationery.style.clone(),
            templates: stationery.templates.clone(),
            logo_format: stationery.logo.as_ref().map(|logo| logo.format.clone()),
        };
        worker.send(&serde_json::to_vec(&setup).map_err(io::Error::other)?).await?;
        worker.send(stationery.logo.as_ref().map_or(&[][..], |logo| &logo.bytes)).await?;
        Ok(worker)
    }

    async fn send(&mut self, frame: &[u8]) -> io::Result<()> {
        let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
        self.input.write_u32(length).await?;
        self.input.write_all(frame).await?;
        self.input.flush().await
    }

    async fn typeset(&mut self, paper: &Paper) -> io::Result<Result<Vec<u8>, PaperError>> {
        self.send(&serde_json::to_vec(paper).map_err(io::Error::other)?).await?;
        let length = self.output.read_u32().await?;
        if !(1..=LARGEST).contains(&length) {
            return Err(io::Error::other("a frame of an impossible length"));
        }
        let mut frame = vec![0; length as usize];
        self.output.read_exact(&mut frame).await?;
        let content = frame.split_off(1);
        if frame[0] == 0 {
            return Ok(Ok(content));
        }
        Ok(Err(serde_json::from_slice(&content).unwrap_or_else(|e| PaperError::Pdf(e.to_string()))))
    }
}

/// Is a worker: reads frames until the input ends.
///
/// # Errors
/// When the pipes break.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let Some(setup) = read_frame(&mut input)? else { return Ok(()) };
    let setup: Setup = serde_json::from_slice(&setup).map_err(io::Error::other)?;
    let logo = read_frame(&mut input)?.unwrap_or_default();
    let logo = setup.logo_format.map(|format| Logo { format, bytes: logo });
    let engine = Engine::new();
    while let Some(frame) = read_frame(&mut input)? {
        let paper: Paper = serde_json::from_slice(&frame).map_err(io::Error::other)?;
        let request =
            Request { paper, style: setup.style.clone(), logo: logo.clone(), templates: setup.templates.clone() };
        let (tag, content) = match engine.render(&request) {
            Ok(pdf) => (0, pdf),
            Err(error) => (1, serde_json::to_vec(&error).map_err(io::Error::other)?),
        };
        let length = u32::try_from(content.len() + 1).map_err(io::Error::other)?;
        output.write_all(&length.to_be_bytes())?;
        output.write_all(&[tag])?;
        output.write_all(&content)?;
        output.flush()?;
    }
    Ok(())
}

/// Reads a frame; nothing at the end of the input.
fn read_frame(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u32::from_be_bytes(length);
    if length > LARGEST {
        return Err(io::Error::other("a frame of an impossible length"));
    }
    let mut frame = vec![0; length as usize];
    input.read_exact(&mut frame)?;
    Ok(Some(frame))
}
