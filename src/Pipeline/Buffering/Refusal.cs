using StackExchange.Redis;

namespace Pipeline.Buffering;

/// <summary>Redis does not let its user in, or not do what it has to: trying again cannot mend that.</summary>
/// <param name="Kind">WrongPass, NoAuth or NoPermission.</param>
/// <param name="Answer">What Redis said, as the part of a sentence.</param>
public sealed record Refusal(RedisErrorKind Kind, string Answer)
{
    // "ERR ACL failure in script: User x has no permissions to run the 'xadd' command script: <hash>, on @user_script:9."
    private const string InScript = "ACL failure in script: ";
    private const string ScriptLine = " script: ";

    // "EXECABORT Transaction discarded because of: NOPERM User x has ..."
    private const string NoPermission = "NOPERM ";

    // What is left of a transaction when its first command was refused.
    private const string MultiRefused = "EXEC without MULTI";

    /// <summary>The refusal that an error goes back to; null when it is of another kind, so that trying again may help.</summary>
    public static Refusal? In(Exception? error)
    {
        for (; error is not null; error = error.InnerException)
        {
            if (error is RedisServerException e && Of(e) is { } refusal) return refusal;
        }

        return null;
    }

    private static Refusal? Of(RedisServerException error)
    {
        if (Behind(InScript, error.Message) is { } inScript) return new Refusal(RedisErrorKind.NoPermission, inScript.Split(ScriptLine)[0]);
        if (Behind(NoPermission, error.Message) is { } answer) return new Refusal(RedisErrorKind.NoPermission, answer);
        if (error.Message.Contains(MultiRefused, StringComparison.Ordinal)) return new Refusal(RedisErrorKind.NoPermission, "no permissions to run the 'multi' command");
        return error.Kind is RedisErrorKind.WrongPass or RedisErrorKind.NoAuth ? new Refusal(error.Kind, error.Message) : null;
    }

    private static string? Behind(string mark, string text) =>
        text.IndexOf(mark, StringComparison.Ordinal) is var at and >= 0 ? text[(at + mark.Length)..].TrimEnd('.') : null;
}
