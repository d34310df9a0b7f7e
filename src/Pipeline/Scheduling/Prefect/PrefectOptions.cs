namespace Pipeline.Scheduling.Prefect;

/// <summary>Where the server is, and what the worker does for it.</summary>
internal sealed record PrefectOptions
{
    /// <summary>The server's API, such as <c>http://127.0.0.1:4200/api/</c>; ends with a slash.</summary>
    public required Uri Api { get; init; }

    public PrefectCredentials Credentials { get; init; } = PrefectCredentials.None;

    /// <summary>The work pool that is polled. Default <c>default</c>. It is created when it does not exist.</summary>
    public string WorkPool { get; init; } = "default";

    /// <summary>The worker's name, which no other worker of the pool may have. Default: the machine's.</summary>
    public string WorkerName { get; init; } = Environment.MachineName;

    public string FlowName { get; init; } = "datawriter-flow";

    /// <summary>How often the deployment is scheduled. Default 5 minutes.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often is looked for runs that are due or were changed. Default 5 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the server hears that the worker lives; three times this, and it counts as gone. Default 30 s.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the slot of a run is leased for; it is renewed when a third of that has passed. Default 2 minutes.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest wait for one answer. Default 15 s.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest pause between two tries while the server is away. Default 5 s.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is done for the server at a stop has this long. Default 2 s.</summary>
    public TimeSpan Goodbye { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long after a window's end its run is due, so that the log has closed it. A fifth of the interval, 10 s at most.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Math.Min(Every.Ticks / 5, TimeSpan.FromSeconds(10).Ticks));

    public string DeploymentName => $"every-{Interval(Every)}";

    private static string Interval(TimeSpan every) => every switch
    {
        { TotalHours: var h } when h >= 1 && h == Math.Floor(h) => Count((int)h, "hour"),
        { TotalMinutes: var m } when m >= 1 && m == Math.Floor(m) => Count((int)m, "minute"),
        _ => Count((int)every.TotalSeconds, "second"),
    };

    private static string Count(int number, string unit) => number == 1 ? unit : $"{number}-{unit}s";
}
