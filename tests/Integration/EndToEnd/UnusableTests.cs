using FluentAssertions;
using Pipeline.Buffering;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Pipelines;
using Xunit;

namespace Pipeline.Tests.Integration.EndToEnd;

/// <summary>A Redis or a lake that no waiting will mend ends the program at its start, with one line.</summary>
public sealed class UnusableTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("run")]
    [InlineData("ingest")]
    [InlineData("write")]
    public async Task A_replica_is_refused_by_what_writes(string verb)
    {
        await using var server = await RedisServer.StartNewAsync(new RedisServerOptions());
        await server.RunAsync("redis-cli", "REPLICAOF", "127.0.0.1", "1");

        await RefusedAsync("is a replica, which takes no writes", [verb, .. Source(verb), "--redis", $"{server.Host}:{server.Port}"]);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("ingest")]
    [InlineData("write")]
    [InlineData("peek")]
    public async Task A_key_that_holds_something_else_is_refused(string verb)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var keys = new LogKeys(rig.Log.Name, 0);
        await rig.Database.StringSetAsync(keys.Stream, "mine");
        await rig.Database.StringSetAsync(keys.State, "mine");

        string[] lake = verb is "peek" ? [] : ["--lake", rig.Lake.Path];
        await RefusedAsync("is in use for something else", [verb, .. Source(verb), .. lake, "--log", rig.Log.Name, "--redis", redis.ConnectionString]);
    }

    [Theory]
    [InlineData("last", "soon")]
    [InlineData("offset", "many")]
    [InlineData("committed_position", "there")]
    public async Task A_field_that_no_pipeline_wrote_is_named(string field, string value)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        await rig.Database.HashSetAsync(new LogKeys(rig.Log.Name, 0).State, field, value);

        await RefusedAsync("holds what no pipeline wrote", ["ingest", .. Source("ingest"), "--lake", rig.Lake.Path, "--log", rig.Log.Name, "--redis", redis.ConnectionString]);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("write")]
    public async Task A_lake_that_cannot_be_written_is_refused(string verb)
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        var file = Path.Combine(rig.Lake.Path, "a-file");
        await File.WriteAllTextAsync(file, "", Token);

        await RefusedAsync("Cannot write to lake", [verb, .. Source(verb), "--lake", file, "--log", rig.Log.Name, "--redis", redis.ConnectionString]);
    }

    [Theory]
    [InlineData("/99")]
    [InlineData("/9999")]
    public async Task A_database_that_there_is_none_of_is_refused(string number) =>
        await RefusedAsync("has no database", ["peek", "--redis", $"redis://{redis.ConnectionString.Split(',')[0]}{number}"]);

    private static string[] Source(string verb) => verb is "run" or "ingest" ? ["--source", "mock", "--rate", "10"] : [];

    private static async Task RefusedAsync(string message, string[] arguments)
    {
        using var program = PipelineProgram.Start(arguments);

        (await program.ExitsWithinAsync(Deadlines.Container, Token)).Should().BeTrue("it should not try again and again");
        (await program.ExitCodeAsync(Token)).Should().Be(3, await program.OutputAsync());
        (await program.ErrorAsync()).Trim().Split('\n').Where(l => l.StartsWith("pipeline: ")).Should().ContainSingle().Which.Should().Contain(message);
    }
}
