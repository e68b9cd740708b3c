//! Creates the parts of the stack, connects them, and starts them.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use aws::{Aws, tables::STATE};
use commands::Commands;
use engine::Registry;
use interactions::Interactions;
use jobs::Jobs;
use local_clock::Clock;
use local_discord::Discord;
use local_dynamodb::{DynamoDb, Unread};
use local_lambda::{EventSource, Function};
use local_sqs::Queues;
use ops::registration::{Client, Plan, Scope};
use runtime::Function as _;
use tokio::{
    net::TcpListener,
    task::{AbortHandle, JoinSet},
};

use crate::{
    Error, Options, Stack,
    data_dir::DataDir,
    dead_letters::DeadLetterApi,
    functions::{self, Deployed, Host},
    heartbeat::{self, Heartbeats},
    releases::Releases,
    server,
    settings::{self, JOBS_DEAD},
    shared::Shared,
    spans::Spans,
    status::Counters,
    variables::{self, Endpoints},
};

/// The simulated Discord repeats its endpoint check (PING, bad signature) after this percentage of interactions.
const PROBE_PERCENT: u8 = 5;

impl Stack {
    /// Starts everything, and registers the commands.
    ///
    /// # Errors
    /// [`Error`] says which part did not start and, where it can, what to do.
    pub async fn start(options: Options) -> Result<Arc<Self>, Error> {
        Self::start_with::<Commands>(options).await
    }

    /// As [`Stack::start`], but with the commands of the registry `R`.
    ///
    /// # Errors
    /// As [`Stack::start`].
    pub async fn start_with<R: Registry>(options: Options) -> Result<Arc<Self>, Error> {
        // It is an error only if a provider is installed already, which is fine: tests start several stacks.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let listener = listen(options.port).await?;
        let url = address(&listener, options.port)?;
        let folder = options.data.as_deref().map(DataDir::open).transpose()?;
        let file = |name: &str| folder.as_ref().map(|folder| folder.file(name));
        let clock = Clock::default();
        clock.advance(folder.as_ref().map(DataDir::moved_by).unwrap_or_default());
        let mut servers = JoinSet::new();

        let mut tasks = Vec::new();
        let dynamodb = DynamoDb::open(file("dynamodb.sqlite").as_deref())?;
        let mut dynamodb_url = serve_dynamodb(&dynamodb, &mut servers, &mut tasks).await?;
        let queues = Queues::open(file("queues.sqlite").as_deref(), clock.clone())?;
        let mut sqs_url =
            serve(local_discord::localhost::guarded(queues.router()), &mut servers, &mut tasks).await?;
        if let Some(proxy) = &options.fault_proxy {
            dynamodb_url = serve(proxy.forward_to(&dynamodb_url, &clock), &mut servers, &mut tasks).await?;
            sqs_url = serve(proxy.forward_to(&sqs_url, &clock), &mut servers, &mut tasks).await?;
        }
        let aws = aws::Config::emulated(dynamodb_url.clone(), sqs_url.clone());
        let tables = Aws::new(aws.clone()).create_tables().await;
        tables.map_err(|fault| Error::DynamoDb(fault.to_string()))?;
        // Placeholder until a relay publishes domain events from this stream.
        let pump = dynamodb.pump(STATE.name, file("stream-State").as_deref(), Box::new(Unread))?;
        tasks.push(servers.spawn(pump.run()));
        create_queues(&queues)?;

        let discord = Discord::open(local_discord::Options {
            database: file("discord.sqlite"),
            clock: clock.clone(),
            interactions_url: format!("{url}/interactions"),
            seed: options.seed,
            answers: options.answers.clone(),
        })?;
        discord.faults().change(|faults| faults.probe_percent = PROBE_PERCENT);
        options.logs.follow(&clock, discord.notifier());
        let stand_in = clock.clone();
        let open_meteo = local_open_meteo::OpenMeteo::new(move || stand_in.now());
        let endpoints = Endpoints { url: &url, dynamodb: &dynamodb_url, sqs: &sqs_url };
        let variables = variables::all(&options, &discord, &endpoints);
        let own = Aws::new(aws);
        let dead_letter_queue = own.dead_letters(&endpoints.queue_url(JOBS_DEAD), 0);
        let dead_letters = DeadLetterApi::new(dead_letter_queue, clock.clone());
        let (counters, spans) = (Counters::default(), Spans::new(clock.clone(), discord.notifier().clone()));
        let host = Host {
            options: &options,
            variables: &variables,
            discord: &discord,
            clock: &clock,
            counters: &counters,
            spans: &spans,
        };
        let deployed = functions::all::<R>(&host)?;
        for Deployed { function, reads } in &deployed {
            for (queue, batch) in *reads {
                let source = EventSource {
                    queues: queues.clone(),
                    queue,
                    batch: *batch,
                    function: function.clone(),
                    concurrency: options.environments,
                };
                tasks.push(servers.spawn(source.run()));
            }
        }
        let named = |name: &str| {
            let function = deployed.iter().find(|deployed| deployed.function.name() == name);
            function.expect("it is in the list of functions").function.clone()
        };

        let stack = Self {
            clock,
            discord,
            queues,
            open_meteo,
            functions: deployed.iter().map(|deployed| deployed.function.clone()).collect(),
            interactions: named(Interactions::<R>::NAME),
            jobs: named(Jobs::<R>::NAME),
            releases: Releases::default(),
            heartbeats: Heartbeats::default(),
            url,
            dead_letters,
            breakers: own.store(),
            counters,
            spans,
            logs: options.logs,
            variables: variables::lines(&variables),
            dynamodb,
            folder,
            tasks: Vec::new(),
        };
        let stack = stack.open::<R>(listener, servers, tasks).await?;
        if options.heartbeat {
            tokio::spawn(heartbeat::run(Arc::downgrade(&stack), stack.clock.now()));
        }
        Ok(stack)
    }

    /// The function of this name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name() == name)
    }

    /// Advances the stack's clock, between two deliveries: no interaction that is on its way grows older by
    /// it. The offset is stored in the data folder, because after a restart stored
    /// timestamps must not lie in the future.
    ///
    /// # Errors
    /// [`Error::Data`] if the offset cannot be written.
    pub async fn advance(&self, by: Duration) -> Result<(), Error> {
        let _pause = self.discord.between_deliveries().await;
        self.clock.advance(by);
        self.folder.as_ref().map_or(Ok(()), |folder| folder.note_moved_by(folder.moved_by() + by))
    }

    /// Serves the port, and registers the commands through its REST API.
    async fn open<R: Registry>(
        mut self,
        listener: TcpListener,
        mut servers: JoinSet<()>,
        mut tasks: Vec<AbortHandle>,
    ) -> Result<Arc<Self>, Error> {
        let shared = Shared::default();
        let router = server::router(&self, shared.clone());
        tasks.push(servers.spawn(async move {
            let _ = axum::serve(listener, router).await;
        }));
        self.tasks = tasks;
        // From here on `Stack::drop` aborts the tasks; before, `JoinSet` did if the start failed.
        servers.detach_all();
        let stack = Arc::new(self);
        shared.set(&stack);
        register::<R>(&stack.discord, &stack.url).await?;
        shared.set_started();
        Ok(stack)
    }
}

async fn listen(port: u16) -> Result<TcpListener, Error> {
    TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))
        .await
        .map_err(|error| Error::Port(port, error))
}

fn address(listener: &TcpListener, port: u16) -> Result<String, Error> {
    let address = listener.local_addr().map_err(|error| Error::Port(port, error))?;
    Ok(format!("http://{address}"))
}

/// Serves a router on a free port. Returns its URL.
async fn serve(
    router: axum::Router,
    servers: &mut JoinSet<()>,
    tasks: &mut Vec<AbortHandle>,
) -> Result<String, Error> {
    let listener = listen(0).await?;
    let url = address(&listener, 0)?;
    tasks.push(servers.spawn(async move {
        let _ = axum::serve(listener, router).await;
    }));
    Ok(url)
}

async fn serve_dynamodb(
    dynamodb: &DynamoDb,
    servers: &mut JoinSet<()>,
    tasks: &mut Vec<AbortHandle>,
) -> Result<String, Error> {
    let listener = listen(0).await?;
    let url = address(&listener, 0)?;
    tasks.push(servers.spawn(dynamodb.clone().serve(listener)));
    Ok(url)
}

fn create_queues(queues: &Queues) -> Result<(), Error> {
    for (name, attributes) in settings::queues() {
        match queues.create(name, &attributes) {
            // The folder is from an earlier version with other attributes: update them.
            Err(local_sqs::Error::QueueNameExists(_)) => queues.set_attributes(name, &attributes)?,
            created => created?,
        }
    }
    Ok(())
}

/// Registers every command with the simulated Discord, if anything has changed.
///
/// # Errors
/// [`Error::Registration`] says why Discord did not take them.
pub async fn register<R: Registry>(discord: &Discord, api_base: &str) -> Result<(), Error> {
    let failed = |reason: &dyn std::fmt::Display| Error::Registration(reason.to_string());
    let wanted = ops::registration::wanted::<R>().map_err(|error| failed(&error))?;
    let application = discord.application_id().to_string();
    let client = Client::new(api_base, &application, discord.bot_token(), Scope::Global);
    let registered = client.fetch().await.map_err(|refused| failed(&refused))?;
    let plan = Plan::between(&registered, &wanted, Scope::Global);
    if !plan.is_empty() {
        client.overwrite(plan.body()).await.map_err(|refused| failed(&refused))?;
    }
    Ok(())
}
