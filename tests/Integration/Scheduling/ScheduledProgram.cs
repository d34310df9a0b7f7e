using System.Globalization;
using Pipeline.Scheduling;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;

namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>The program with a schedule, in a lake of the test's own, and the history that it keeps.</summary>
internal sealed class ScheduledProgram(PipelineRig rig, string redis, TimeSpan window) : IDisposable
{
    private PipelineProgram? _process;

    public static string OwnFolder(string lake) => Path.Combine(lake, "_pipeline");

    /// <summary>Where the schedule's database is, if not in the lake.</summary>
    public string? Database { get; init; }

    public string DatabasePath => Database ?? Path.Combine(OwnFolder(rig.Lake.Path), "schedule.db");

    public PipelineProgram Process => _process ?? throw new InvalidOperationException("It was not started.");

    /// <summary>Settings that a verb needs to find the same log, lake and window.</summary>
    public IReadOnlyList<string> Settings => ["--redis", redis, "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--window", Text(window), .. Database is null ? Array.Empty<string>() : ["--schedule-db", Database]];

    public void Start(params string[] arguments)
    {
        _process?.Dispose();
        _process = PipelineProgram.Start([.. arguments, .. Settings]);
    }

    /// <summary>Runs a verb that only needs the lake, and gives what it prints.</summary>
    public Task<string> PrintAsync(params string[] arguments) => PrintOfAsync([.. arguments, "--lake", rig.Lake.Path]);

    public static async Task<string> PrintOfAsync(IReadOnlyList<string> arguments)
    {
        using var program = PipelineProgram.Start(arguments);
        var code = await program.ExitCodeAsync(Xunit.TestContext.Current.CancellationToken);
        var output = await program.OutputAsync();
        return code == 0 ? output : throw new InvalidOperationException($"pipeline {string.Join(' ', arguments)} ended with {code}: {output}");
    }

    /// <summary>Every run of the history, oldest first.</summary>
    public IReadOnlyList<RunRecord> Runs() => ScheduleDatabase.OpenExisting(DatabasePath) is { } database ? new RunHistory(database).Since(DateTimeOffset.UnixEpoch) : [];

    /// <summary>Waits until the history satisfies a condition.</summary>
    public Task<IReadOnlyList<RunRecord>> RunsAsync(string what, Func<IReadOnlyList<RunRecord>, bool> until, TimeSpan? deadline = null) =>
        Eventually.GetAsync(what, Runs, until, deadline ?? Deadlines.Recovery);

    public void Dispose() => _process?.Dispose();

    private static string Text(TimeSpan window) => string.Create(CultureInfo.InvariantCulture, $"{window.TotalSeconds}s");
}
