using Pipeline.Archiving;
using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Scheduling;

/// <summary>Tells the failures of a run from each other.</summary>
internal static class RunFailure
{
    // What the client's messages go on with: ", command=HGETALL, next: ...", "; SocketClosed on ...".
    private static readonly string[] _clientStates = [", command=", "; ", ", Idle/", ", last: ", ", inst:", ", mc:"];

    /// <summary>True for what goes wrong outside of the program; a user that Redis refuses is not among it, since every later run would be refused too.</summary>
    public static bool IsExpected(Exception error) =>
        error is LakeException or LogException or RedisException or RedisCommandException or TimeoutException && Refusal.In(error) is null;

    /// <summary>True when the same run may succeed later without anybody's help.</summary>
    public static bool CanHeal(Exception error) => error switch
    {
        LakeException lake => lake.CanHeal,
        LogException => false,
        _ => true,
    };

    /// <summary>The message in one line; of the client's, which go on for pages about its own state, the beginning.</summary>
    public static string Describe(Exception error)
    {
        var message = error.Message.ReplaceLineEndings(" ").Trim();
        if (error is not (RedisException or TimeoutException)) return message;
        var end = _clientStates.Select(s => message.IndexOf(s, StringComparison.Ordinal)).Where(i => i > 0).DefaultIfEmpty(message.Length).Min();
        return $"Redis: {message[..end].TrimEnd('.')}.";
    }
}
