using System.Runtime.CompilerServices;
using Xunit;

namespace Pipeline.Tests.Harness;

/// <summary>Waits for a condition with a deadline, and says what it last saw when the deadline passes.</summary>
public static class Eventually
{
    /// <summary>Reads until the value satisfies <paramref name="until"/>, and returns that value.</summary>
    /// <param name="what">Completes "waited for ...".</param>
    /// <param name="deadline">Default <see cref="Deadlines.Condition"/>.</param>
    /// <exception cref="TimeoutException">Names the last value seen, or carries the last error as its inner exception.</exception>
    [OverloadResolutionPriority(1)]
    public static async Task<T> GetAsync<T>(string what, Func<Task<T>> read, Func<T, bool> until, TimeSpan? deadline = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(until);
        var limit = deadline ?? Deadlines.Condition;
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string seen;
            Exception? error = null;
            try
            {
                // A read that hangs (a paused server) must not outlive the deadline.
                var left = limit - TimeProvider.System.GetElapsedTime(started);
                var value = await read().WaitAsync(left > Deadlines.Poll ? left : Deadlines.Poll, TestContext.Current.CancellationToken);
                if (until(value))
                    return value;
                seen = value?.ToString() ?? "null";
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                error = exception;
                seen = $"{exception.GetType().Name}: {exception.Message}";
            }

            if (TimeProvider.System.GetElapsedTime(started) >= limit)
                throw new TimeoutException($"Waited {limit.TotalSeconds:0.#} s for {what}; last seen: {seen}", error);
            await Task.Delay(Deadlines.Poll, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <inheritdoc cref="GetAsync{T}(string, Func{Task{T}}, Func{T, bool}, TimeSpan?)"/>
    public static Task<T> GetAsync<T>(string what, Func<T> read, Func<T, bool> until, TimeSpan? deadline = null) =>
        GetAsync(what, () => Task.FromResult(read()), until, deadline);

    /// <summary>Waits until <paramref name="condition"/> holds.</summary>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? deadline = null) =>
        GetAsync(what, condition, held => held, deadline);

    /// <inheritdoc cref="TrueAsync(string, Func{bool}, TimeSpan?)"/>
    [OverloadResolutionPriority(1)]
    public static Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? deadline = null) =>
        GetAsync(what, condition, held => held, deadline);
}
