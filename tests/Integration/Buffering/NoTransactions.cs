using System.Reflection;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Buffering;

/// <summary>A Redis that is full and of version 7.0 or older, as far as a client can tell: it takes commands that need no memory, and no transaction.</summary>
public class NoTransactions : DispatchProxy
{
    private object _real = null!;

    public static IDatabase Of(IDatabase real) => Wrap<IDatabase>(real);

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(ITransaction.ExecuteAsync) && _real is ITransaction)
            return Task.FromException<bool>(new RedisServerException(RedisErrorKind.ExecAbort, CommandFlags.None, "EXECABORT Transaction discarded because of previous errors."));
        var result = targetMethod.Invoke(_real, args);
        return result is ITransaction transaction ? Wrap<ITransaction>(transaction) : result;
    }

    private static T Wrap<T>(T real)
        where T : class
    {
        var proxy = Create<T, NoTransactions>();
        ((NoTransactions)(object)proxy)._real = real;
        return proxy;
    }
}
