using System.Reflection;
using StackExchange.Redis;

namespace Pipeline.Tests.Integration.Buffering;

/// <summary>A Redis that is full and of version 7.0 or older, as far as a client can tell: it takes commands that need no memory, and no transaction.</summary>
public class NoTransactions : DispatchProxy
{
    private object _real = null!;
    private Func<Task>? _once;

    /// <param name="afterRead">Done once, after the stream was read and before the answer is there.</param>
    public static IDatabase Of(IDatabase real, Func<Task>? afterRead = null)
    {
        var proxy = Wrap(real);
        ((NoTransactions)proxy)._once = afterRead;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(ITransaction.ExecuteAsync) && _real is ITransaction)
            return Task.FromException<bool>(new RedisServerException(RedisErrorKind.ExecAbort, CommandFlags.None, "EXECABORT Transaction discarded because of previous errors."));
        var result = targetMethod.Invoke(_real, args);
        return result switch
        {
            ITransaction transaction => Wrap(transaction),
            Task<StreamEntry[]> read when _real is not ITransaction && Interlocked.Exchange(ref _once, null) is { } once => ThenAsync(read, once),
            _ => result,
        };
    }

    private static async Task<StreamEntry[]> ThenAsync(Task<StreamEntry[]> read, Func<Task> once)
    {
        var entries = await read;
        await once();
        return entries;
    }

    private static T Wrap<T>(T real)
        where T : class
    {
        var proxy = Create<T, NoTransactions>();
        ((NoTransactions)(object)proxy)._real = real;
        return proxy;
    }
}
