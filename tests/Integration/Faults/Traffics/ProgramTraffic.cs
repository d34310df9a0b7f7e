using System.Globalization;
using FluentAssertions;
using Pipeline.Sources;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Faults;

/// <summary>The program as it is shipped, <c>pipeline run</c> on the mock firehose, as one process or several: it recovers by itself or not at all.</summary>
internal sealed class ProgramTraffic : Traffic
{
    private readonly List<PipelineProgram> _programs = [];

    /// <summary>How many events there are.</summary>
    public required long Events { get; init; }

    /// <summary>How many programs run at once. Default 1.</summary>
    public int Programs { get; init; } = 1;

    public IReadOnlyList<PipelineProgram> Running => _programs;

    public override string Kind => Programs == 1 ? "program" : "programs";

    public override IEventSource? Source => null;

    public override Produced Produced
    {
        get
        {
            var events = new SentLedger();
            for (var reader = new MockFirehose(new MockFirehoseOptions { Events = Events }).From(0); reader.Next();) events.Add(reader.Current);
            return new Produced(events) { Messages = Events };
        }
    }

    public PipelineProgram Start(FaultRun run)
    {
        string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        var program = PipelineProgram.Start(
        [
            "run", "--source", "mock", "--events", Text(Events), "--rate", Text(Rate), "--redis", run.RedisAddress, "--log", run.Rig.Log.Name, "--lake", run.Rig.Lake.Path,
            "--window", Text((long)run.Rig.Lake.Window.TotalSeconds) + "s", "--schedule", "1s",
        ]);
        _programs.Add(program);
        return program;
    }

    public override async Task EndAsync(FaultRun run)
    {
        foreach (var program in _programs.Where(p => !p.WasKilled))
        {
            (await program.ExitCodeAsync(TestContext.Current.CancellationToken)).Should().Be(0, await program.OutputAsync());
        }
    }

    protected override ValueTask CleanUpAsync()
    {
        foreach (var program in _programs) program.Dispose();
        return ValueTask.CompletedTask;
    }
}
