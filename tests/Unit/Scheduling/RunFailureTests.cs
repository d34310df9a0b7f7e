using FluentAssertions;
using Pipeline.Archiving;
using Pipeline.Buffering;
using Pipeline.Scheduling;
using StackExchange.Redis;
using Xunit;

namespace Pipeline.Tests.Unit.Scheduling;

public sealed class RunFailureTests
{
    public static TheoryData<string, bool> Failures => new()
    {
        { "away", true },
        { "timeout", true },
        { "disk full", true },
        { "two logs", false },
        { "log", false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void What_can_heal_is_told_from_what_cannot(string failure, bool canHeal)
    {
        var error = Error(failure);

        (RunFailure.IsExpected(error), RunFailure.CanHeal(error)).Should().Be((true, canHeal));
    }

    [Fact]
    public void A_refused_user_and_a_bug_are_not_for_a_later_run_to_mend()
    {
        Exception[] errors = [new RedisServerException(RedisErrorKind.NoPermission, CommandFlags.None, "NOPERM User x has no permissions to run the 'xrange' command"), new InvalidOperationException()];

        errors.Should().OnlyContain(e => !RunFailure.IsExpected(e));
    }

    [Theory]
    [InlineData("No connection is active/available to service this operation: HGETALL {a}:state; SocketClosed on 10.0.0.1:6379/Interactive, Idle", "Redis: No connection is active/available to service this operation: HGETALL {a}:state.")]
    [InlineData("Timeout awaiting response (5000ms elapsed), command=HGETALL, next: HGETALL {a}:state, inst: 0, qu: 0", "Redis: Timeout awaiting response (5000ms elapsed).")]
    [InlineData("OOM command not allowed.", "Redis: OOM command not allowed.")]
    public void What_Redis_client_says_of_its_own_state_is_left_out(string message, string described) =>
        RunFailure.Describe(new RedisConnectionException(ConnectionFailureType.SocketClosed, CommandFlags.None, message, null, CommandStatus.Unknown)).Should().Be(described);

    private static Exception Error(string failure) => failure switch
    {
        "away" => new RedisConnectionException(ConnectionFailureType.UnableToConnect, CommandFlags.None, "No connection", null, CommandStatus.Unknown),
        "timeout" => new RedisTimeoutException(CommandFlags.None, "Timeout", CommandStatus.Sent),
        "disk full" => new LakeException("Cannot write", new IOException("No space left on device")) { CanHeal = true },
        "two logs" => new LakeException("Window 20260704T140000Z was written from another log"),
        _ => new LogException("Its stream ends elsewhere"),
    };
}
