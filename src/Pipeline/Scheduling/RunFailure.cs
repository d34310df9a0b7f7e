using Pipeline.Archiving;
using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Scheduling;

/// <summary>Tells the failures of a run from each other.</summary>
internal static class RunFailure
{
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

    /// <summary>The message in one line.</summary>
    public static string Describe(Exception error) => error.Message.ReplaceLineEndings(" ").Trim();
}
