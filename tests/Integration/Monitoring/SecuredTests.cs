using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Integration.Security;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>Metrics with the users of docker/redis/users.acl.template.</summary>
public sealed class SecuredTests(SecureRedis redis) : IDisposable
{
    private readonly string _lake = Directory.CreateTempSubdirectory("lake-").FullName;
    private readonly string _log = SecureRedis.NewLog();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("pipeline", "run", "--source", "mock", "--rate", "300", "--window", "1s")]
    [InlineData("ingest", "ingest", "--source", "mock", "--rate", "300")]
    [InlineData("write", "write", "--window", "1s")]
    public async Task A_verb_may_look_at_all_that_it_tells_and_tells_no_secret(string role, params string[] arguments)
    {
        var user = $"user-{Guid.NewGuid():N}";
        var secret = $"s3{Guid.NewGuid():N}";
        await redis.SetUserAsync(user, ["on", $">{secret}", .. await redis.RightsAsync(role)]);
        using var program = PipelineProgram.StartServing([.. arguments, "--log", _log, "--lake", _lake, .. await redis.LoginAsync(user, secret)]);
        var address = await program.AddressAsync();

        await Eventually.GetAsync("the log was looked at", () => Scrape.OfAsync(address, Token), s => s["pipeline_buffer_bytes"] is not null && s["pipeline_buffer_ballast_keys"] is not null);
        using var client = new HttpClient { BaseAddress = address };
        foreach (var path in new[] { "metrics", "healthz", "readyz", "" })
        {
            using var answer = await client.GetAsync(path, Token);
            (await answer.Content.ReadAsStringAsync(Token)).Should().NotContain(secret).And.NotContain(user);
        }

        (await redis.RefusedAsync(user)).Distinct().Should().BeSubsetOf(["config|get", "cluster|nodes", "cluster|slots"]);
    }

    [Fact]
    public async Task Nothing_that_is_said_while_Redis_fails_tells_a_secret()
    {
        var secret = $"s3{Guid.NewGuid():N}";
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions(Password: secret));
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString);
        using var program = PipelineProgram.StartServing(
            ["run", "--source", "mock", "--rate", "300", "--window", "1s", "--schedule", "1s", "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--redis", $"redis://:{secret}@{server.Host}:{server.Port}"]);
        var address = await program.AddressAsync();
        using var client = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync("it to be ready", async () => (await AskAsync(client, "readyz")) == "ready\n", Deadlines.Container);

        await server.StopAsync();

        // Both halves have failed: the reader's and the writer's words are in it.
        var said = await Eventually.GetAsync(
            "what is wrong to be said", () => AskAsync(client, "readyz"), text => text.Contains("Redis does not answer", StringComparison.Ordinal) && text.Contains("The last run failed", StringComparison.Ordinal), Deadlines.Container);
        foreach (var text in new[] { said, await AskAsync(client, "metrics"), await AskAsync(client, "") }) text.Should().NotContain(secret);
        program.Kill();
        (await program.OutputAsync()).Should().Contain("Redis").And.NotContain(secret);
    }

    [Fact]
    public async Task A_user_from_before_there_were_metrics_goes_without_some_and_is_refused_each_but_once()
    {
        var user = $"user-{Guid.NewGuid():N}";
        await redis.SetUserAsync(user, ["on", ">s3cret", .. await redis.RightsAsync("pipeline"), "-xlen", "-memory|usage"]);
        using var program = PipelineProgram.StartServing(["run", "--source", "mock", "--rate", "300", "--window", "1s", "--log", _log, "--lake", _lake, .. await redis.LoginAsync(user, "s3cret")]);
        var address = await program.AddressAsync();

        // The second look comes seconds after the first.
        var first = await Eventually.GetAsync("a look", () => Scrape.OfAsync(address, Token), s => s["pipeline_buffer_up"] == 1);
        await Eventually.GetAsync(
            "another look", () => Scrape.OfAsync(address, Token), s => s["pipeline_buffer_last_entry_timestamp_seconds"] > first["pipeline_buffer_last_entry_timestamp_seconds"], Deadlines.Container);

        (first["pipeline_buffer_entries"], first["pipeline_buffer_bytes"], first["pipeline_buffer_events"] is null).Should().Be((null, null, false));
        (await redis.RefusedAsync(user)).Count(r => r is "xlen" or "memory|usage").Should().Be(2);
        program.Terminate();
        (await program.ErrorAsync()).Should().Contain("Redis does not let its user ask all that the metrics tell");
    }

    private static async Task<string> AskAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    public void Dispose() => Directory.Delete(_lake, recursive: true);
}
