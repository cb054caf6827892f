//! A connection to PostgreSQL as plain synchronous calls. What is sent together waits for the server once.

use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{join, join_all};
use futures_util::{SinkExt, StreamExt};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, CopyInSink, Error, Row, SimpleQueryMessage, Socket, Statement};

use super::Val;

/// How long closing waits for the server to be told.
const FAREWELL: Duration = Duration::from_secs(1);

/// So many statements at most are polled, and so sent, in their order by the futures library.
pub(super) const TOGETHER_MAX: usize = 30;

/// What a statement answered.
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) changed: u64,
}

/// A connection with the little runtime that drives it, on whatever thread asks.
pub(super) struct Line {
    runtime: Runtime,
    client: Option<Client>,
    driver: Option<JoinHandle<()>>,
}

/// What the wire or the runtime under it says when a line cannot be opened.
pub(super) enum NoLine {
    /// PostgreSQL, or the way to it.
    Engine(Error),
    /// The machine gave no event queue.
    Machine(std::io::Error),
}

impl Line {
    pub(super) fn open<T>(config: &Config, tls: T) -> Result<Line, NoLine>
    where
        T: MakeTlsConnect<Socket> + Send + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let runtime = Builder::new_current_thread().enable_all().build().map_err(NoLine::Machine)?;
        let (client, connection) = runtime.block_on(config.connect(tls)).map_err(NoLine::Engine)?;
        let driver = runtime.spawn(async move {
            // Whoever asks next hears of the end from the client.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection to PostgreSQL ended");
            }
        });
        Ok(Line { runtime, client: Some(client), driver: Some(driver) })
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("BUG: the client is taken only when the line is dropped")
    }

    pub(super) fn is_closed(&self) -> bool {
        self.client().is_closed()
    }

    pub(super) fn script(&self, script: &str) -> Result<(), Error> {
        self.runtime.block_on(self.client().batch_execute(script))
    }

    pub(super) fn simple(&self, sql: &str) -> Result<Vec<SimpleQueryMessage>, Error> {
        self.runtime.block_on(self.client().simple_query(sql))
    }

    pub(super) fn prepare(&self, sql: &str) -> Result<Statement, Error> {
        self.runtime.block_on(self.client().prepare(sql))
    }

    /// Gives the rows of a question as they arrive; the server sends no more than the socket holds until they are taken.
    pub(super) fn stream<E: From<Error>>(
        &self,
        statement: &Statement,
        args: &[Val],
        take: &mut dyn FnMut(&Row) -> Result<(), E>,
    ) -> Result<(), E> {
        self.runtime.block_on(async {
            let mut rows = std::pin::pin!(self.client().query_raw(statement, args.to_vec()).await?);
            while let Some(row) = rows.next().await {
                take(&row?)?;
            }
            Ok(())
        })
    }

    /// Runs statements, sent together: the rows of each and how many it changed, or which failed first. Up to
    /// [`TOGETHER_MAX`] they run strictly in order.
    pub(super) fn talk(&self, all: &[(Statement, &[Val])]) -> Result<Vec<Answer>, (usize, Error)> {
        first_failure(self.runtime.block_on(self.all(all)))
    }

    /// The same with a script behind them, in one go.
    #[expect(clippy::type_complexity, reason = "the outcome of both, side by side")]
    pub(super) fn talk_and_script(
        &self,
        all: &[(Statement, &[Val])],
        script: &str,
    ) -> (Result<Vec<Answer>, (usize, Error)>, Result<(), Error>) {
        // Polled in this order, and so sent in it.
        let both = join(self.all(all), self.client().batch_execute(script));
        let (answers, ended) = self.runtime.block_on(both);
        (first_failure(answers), ended)
    }

    fn all<'a>(
        &'a self,
        all: &'a [(Statement, &[Val])],
    ) -> impl Future<Output = Vec<Result<Answer, Error>>> + 'a {
        let one = |(statement, args): &(Statement, &[Val])| {
            let (statement, args) = (statement.clone(), args.to_vec());
            async move {
                let mut stream = std::pin::pin!(self.client().query_raw(&statement, args).await?);
                let mut rows = Vec::new();
                while let Some(row) = stream.next().await {
                    rows.push(row?);
                }
                Ok(Answer { rows, changed: stream.rows_affected().unwrap_or(0) })
            }
        };
        join_all(all.iter().map(one))
    }

    /// Opens a `COPY … FROM STDIN`.
    pub(super) fn copy(&self, sql: &str) -> Result<Copying<'_>, Error> {
        let sink = self.runtime.block_on(self.client().copy_in(sql))?;
        Ok(Copying { line: self, sink: Box::pin(sink) })
    }
}

/// After the first failure the server refuses the others, so only the first says why.
fn first_failure<T>(done: Vec<Result<T, Error>>) -> Result<Vec<T>, (usize, Error)> {
    done.into_iter().enumerate().map(|(at, one)| one.map_err(|error| (at, error))).collect()
}

impl Drop for Line {
    fn drop(&mut self) {
        drop(self.client.take());
        if let Some(driver) = self.driver.take() {
            // The server is told; one that does not listen any more is not waited for.
            drop(self.runtime.block_on(async { tokio::time::timeout(FAREWELL, driver).await }));
        }
    }
}

/// Rows on their way into a table.
pub(super) struct Copying<'a> {
    line: &'a Line,
    sink: std::pin::Pin<Box<CopyInSink<Bytes>>>,
}

impl Copying<'_> {
    pub(super) fn send(&mut self, piece: Vec<u8>) -> Result<(), Error> {
        self.line.runtime.block_on(self.sink.send(Bytes::from(piece)))
    }

    /// Answers how many rows were added.
    pub(super) fn finish(mut self) -> Result<u64, Error> {
        self.line.runtime.block_on(self.sink.as_mut().finish())
    }
}
