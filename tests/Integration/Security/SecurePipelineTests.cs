using FluentAssertions;
using Pipeline.Sources.Mock;
using Pipeline.Tests.Harness.Lake;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>The pipeline does its work over TLS, each part as the user that is made for it.</summary>
public sealed class SecurePipelineTests(SecureRedis redis) : IDisposable
{
    private static readonly MockFirehoseOptions _events = new() { Events = 3000 };

    private readonly string _lake = Directory.CreateTempSubdirectory("lake-").FullName;
    private readonly string _log = SecureRedis.NewLog();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ingest_and_write_get_every_event_into_the_lake_once()
    {
        await RunAsync("ingest", "ingest", "--source", "mock", "--events", "3000");
        await RunAsync("write", "write", "--once", "--drain", "--lake", _lake);

        ExpectEveryEventOnce();
    }

    [Fact]
    public async Task Run_gets_every_event_into_the_lake_once()
    {
        await RunAsync("pipeline", "run", "--source", "mock", "--events", "3000", "--lake", _lake);

        ExpectEveryEventOnce();
    }

    [Fact]
    public async Task Both_halves_go_on_when_Redis_forgets_the_state_of_the_log()
    {
        await RunAsync("ingest", "ingest", "--source", "mock", "--events", "3000");
        await RunAsync("write", "write", "--once", "--window", "1s", "--lake", _lake);
        await ForgetStateAsync();
        await RunAsync("ingest", "ingest", "--source", "mock", "--events", "3000");
        await RunAsync("write", "write", "--once", "--drain", "--window", "1s", "--lake", _lake);

        ExpectEveryEventOnce();
    }

    [Fact]
    public async Task Nothing_is_refused_but_what_the_client_library_asks_for_on_its_own()
    {
        var user = $"user-{Guid.NewGuid():N}";
        await redis.SetUserAsync(user, ["on", ">secret", .. await redis.RightsAsync("pipeline")]);
        await RunAsync(await redis.LoginAsync(user, "secret"), "run", "--source", "mock", "--events", "3000", "--lake", _lake);

        (await redis.RefusedAsync(user)).Distinct().Should().BeEquivalentTo("config|get", "cluster|nodes", "cluster|slots");
    }

    [Fact]
    public async Task Peek_shows_events_to_the_auditor()
    {
        await RunAsync("ingest", "ingest", "--source", "mock", "--events", "100");

        (await RunAsync("audit", "peek", "--json")).Should().Contain("did:plc:");
    }

    public void Dispose() => Directory.Delete(_lake, recursive: true);

    private async Task<string> RunAsync(string user, params string[] arguments) => await RunAsync(await redis.LoginAsync(user), arguments);

    private async Task<string> RunAsync(string[] login, params string[] arguments)
    {
        using var program = PipelineProgram.Start([.. arguments, "--log", _log, .. login]);
        (await program.ExitCodeAsync(Token)).Should().Be(0, await program.OutputAsync());
        return await program.OutputAsync();
    }

    private async Task ForgetStateAsync()
    {
        await using var admin = await redis.ConnectAsync("admin");
        (await admin.GetDatabase().KeyDeleteAsync($"{{{_log}:0}}:state")).Should().BeTrue();
    }

    private void ExpectEveryEventOnce()
    {
        using var lake = new LakeReader(_lake);
        EndToEnd.Expect.ExactlyOnce(lake, EndToEnd.Expect.Sent(_events));
    }
}
