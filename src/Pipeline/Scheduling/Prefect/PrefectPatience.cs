using Microsoft.Extensions.Logging;

namespace Pipeline.Scheduling.Prefect;

/// <summary>Repeats requests until they are answered: a server that is away for minutes delays a run, and loses none.</summary>
internal sealed class PrefectPatience(PrefectOptions options, TimeProvider time, ILogger<PrefectPatience> logger)
{
    private static readonly TimeSpan _first = TimeSpan.FromMilliseconds(200);

    // Whatever a server wants: a run that is due waits no longer than this for it.
    private static readonly TimeSpan _longest = TimeSpan.FromMinutes(1);

    private int _away;

    /// <summary>Sends a request until the server answers it.</summary>
    /// <param name="unsure">Called before a request is repeated: the one before may have been carried out. What it returns, unless null, is the answer.</param>
    /// <exception cref="PrefectException">The server answered that it cannot or will not.</exception>
    public async Task<T> UntilAnsweredAsync<T>(
        Func<CancellationToken, Task<T>> send, CancellationToken cancellationToken, Func<CancellationToken, Task<T?>>? unsure = null) where T : class
    {
        for (var delay = _first; ; delay = delay * 2 < options.Retry ? delay * 2 : options.Retry)
        {
            var pause = delay;
            try
            {
                var answer = await send(cancellationToken);
                Answered();
                return answer;
            }
            catch (PrefectException e) when (e.IsAway)
            {
                Away(e);
                if (e.RetryAfter > pause) pause = e.RetryAfter < _longest ? e.RetryAfter.Value : _longest;
            }

            await Task.Delay(pause, time, cancellationToken);
            if (unsure is not null && await AskAsync(unsure, cancellationToken) is { } known) return known;
        }
    }

    /// <inheritdoc cref="UntilAnsweredAsync{T}"/>
    public Task UntilAnsweredAsync(Func<CancellationToken, Task> send, CancellationToken cancellationToken) => UntilAnsweredAsync<object>(
        async token =>
        {
            await send(token);
            return this;
        },
        cancellationToken);

    /// <summary>Notes that the server answers, and says so when it did not before.</summary>
    public void Answered()
    {
        if (Interlocked.Exchange(ref _away, 0) == 1) logger.LogInformation("Prefect at {Api} answers again.", options.Api);
    }

    /// <summary>Notes that the server is away, and says so once.</summary>
    public void Away(PrefectException error)
    {
        if (Interlocked.Exchange(ref _away, 1) == 0) logger.LogWarning("Prefect at {Api} is away: {Error} Trying again until it answers.", options.Api, error.Message);
    }

    private static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T?>> unsure, CancellationToken cancellationToken) where T : class
    {
        try
        {
            return await unsure(cancellationToken);
        }
        catch (PrefectException e) when (e.IsAway)
        {
            return null;
        }
    }
}
