using FluentAssertions;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Integration.Security;

/// <summary>Each user of docker/redis/users.acl.template may do what its part of the pipeline needs, and nothing else.</summary>
public sealed class LeastRightsTests(SecureRedis redis)
{
    // Redis lets nobody be kept from these: they are how one logs in and out.
    private static readonly string[] _everybody = ["auth", "hello", "quit", "reset"];

    private static readonly string[] _client = ["client|id", "client|setname", "echo", "info", "ping"];

    private static readonly string[] _log =
    [
        "bgrewriteaof", "eval", "evalsha", "exec", "exists", "hdel", "hexists", "hget", "hgetall", "hincrby", "hmget", "hset", "hsetnx", "multi", "script|load",
        "select", "xadd", "xrange", "xrevrange",
    ];

    // The buffer monitor's.
    private static readonly string[] _look = ["memory|usage", "xlen"];

    private static readonly string[] _ballast = ["setrange", "touch"];

    private static readonly string[] _lease = ["del", "get", "pexpire", "set"];

    public static TheoryData<string, string[]> Commands => new()
    {
        { "ingest", [.. _client, .. _log, .. _look, .. _ballast, "waitaof"] },
        { "write", [.. _client, .. _log, .. _look, .. _lease, "xtrim"] },
        { "pipeline", [.. _client, .. _log, .. _look, .. _ballast, .. _lease, "waitaof", "xtrim"] },
        { "audit", [.. _client, "config|get", "hgetall", "xlen", "xrange", "xrevrange"] },
        { "exporter", ["client|setname", "info", "latency|histogram", "latency|latest", "slowlog|get", "slowlog|len"] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_user_may_give_these_commands_and_no_others(string user, string[] commands)
    {
        await using var admin = await redis.ConnectAsync("admin");
        var database = admin.GetDatabase();
        var allowed = new List<string>();
        foreach (var (name, arity) in Leaves((RedisResult[])(await database.ExecuteAsync("COMMAND"))!))
        {
            var words = name.Split('|');
            string[] arguments = [.. words, .. Enumerable.Repeat("1", Math.Max(0, Math.Abs(arity) - words.Length))];
            if (!(await DryRunAsync(database, user, arguments)).Contains("no permissions to run", StringComparison.Ordinal)) allowed.Add(name);
        }

        allowed.Should().BeEquivalentTo([.. commands, .. _everybody]);
    }

    [Theory]
    [InlineData("ingest", "XADD {other:0}:log 1-1 f v")]
    [InlineData("ingest", "HSET {other:0}:state f v")]
    [InlineData("ingest", "XADD secure-a 1-1 f v")]
    [InlineData("ingest", "HGETALL {secure-a:0}:lease")]
    [InlineData("ingest", "EVALSHA 0 1 {other:0}:log")]
    [InlineData("write", "XTRIM {other:0}:log MAXLEN 0")]
    [InlineData("write", "DEL {secure-a:0}:log")]
    [InlineData("write", "DEL {secure-a:0}:state")]
    [InlineData("write", "SET {secure-a:0}:state x")]
    [InlineData("write", "DEL {other:0}:lease")]
    [InlineData("write", "HSET {secure-a:0}:ballast:0 f v")]
    [InlineData("write", "MEMORY USAGE {other:0}:log")]
    [InlineData("pipeline", "DEL {secure-a:0}:log")]
    [InlineData("pipeline", "XADD {other:0}:log 1-1 f v")]
    [InlineData("audit", "XRANGE {other:0}:log - +")]
    public async Task A_user_may_touch_the_keys_of_its_log_only(string user, string command)
    {
        await using var admin = await redis.ConnectAsync("admin");

        (await DryRunAsync(admin.GetDatabase(), user, command.Split(' '))).Should().Contain("no permissions to access");
    }

    [Theory]
    [InlineData("ingest", "XADD {secure-a:0}:log 1-1 f v")]
    [InlineData("write", "XTRIM {secure-a:0}:log MINID 1")]
    [InlineData("write", "DEL {secure-a:0}:lease")]
    [InlineData("write", "EXISTS {secure-a:0}:ballast:0")]
    [InlineData("write", "MEMORY USAGE {secure-a:0}:log")]
    [InlineData("pipeline", "XADD {secure-a:0}:log 1-1 f v")]
    [InlineData("audit", "XRANGE {secure-a:0}:log - +")]
    public async Task The_keys_of_its_log_are_the_users_to_touch(string user, string command)
    {
        await using var admin = await redis.ConnectAsync("admin");

        (await DryRunAsync(admin.GetDatabase(), user, command.Split(' '))).Should().Be("OK");
    }

    [Theory]
    [InlineData("ingest", "return redis.call('FLUSHALL')")]
    [InlineData("ingest", "return redis.call('DEL', KEYS[1])")]
    [InlineData("ingest", "return redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)")]
    [InlineData("write", "return redis.call('DEL', KEYS[1])")]
    [InlineData("write", "return redis.call('SET', 'elsewhere', 'x')")]
    public async Task A_script_may_do_no_more_than_its_user(string user, string script)
    {
        await using var connection = await redis.ConnectAsync(user);

        var run = async () => await connection.GetDatabase().ScriptEvaluateAsync(script, [$"{{{SecureRedis.NewLog()}:0}}:log"]);

        (await run.Should().ThrowAsync<RedisServerException>()).WithMessage("*ACL failure in script*");
    }

    [Fact]
    public async Task Nobody_gets_in_without_a_name()
    {
        await using var admin = await redis.ConnectAsync("admin");

        var rules = (RedisResult[])(await admin.GetDatabase().ExecuteAsync("ACL", "GETUSER", "default"))!;
        // It may everything, for Redis reads its append-only file as this user (RestartTests); so there must be no way in.
        ((string[])rules[1]!).Should().Contain("off").And.NotContain("nopass");
        ((string[])rules[3]!).Should().BeEmpty("no password lets anybody in");
    }

    private static async Task<string> DryRunAsync(IDatabase database, string user, string[] command)
    {
        try
        {
            return (string)(await database.ExecuteAsync("ACL", ["DRYRUN", user, .. command]))!;
        }
        catch (RedisServerException e) when (e.Message.StartsWith("ERR wrong number of arguments", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {e.Message}", e);
        }
    }

    /// <summary>Every command that is no mere container of others, with its arity.</summary>
    private static IEnumerable<(string Name, int Arity)> Leaves(RedisResult[] commands)
    {
        foreach (var command in commands.Select(c => (RedisResult[])c!))
        {
            if (command[9] is { Length: > 0 } inner)
            {
                foreach (var leaf in Leaves((RedisResult[])inner!)) yield return leaf;
            }
            else
            {
                yield return ((string)command[0]!, (int)command[1]);
            }
        }
    }
}
