using Microsoft.Extensions.Logging;
using Pipeline.Archiving;
using Pipeline.Buffering;
using StackExchange.Redis;

namespace Pipeline.Commands;

/// <summary>Has closed windows written at an interval. What fails is tried again: nothing is lost as long as the log holds it.</summary>
internal sealed class WriteLoop(LakeWriter writer, TimeSpan interval, TimeProvider time, ILogger<WriteLoop> logger)
{
    /// <summary>Writes what is closed; waits for another writer that is at it.</summary>
    public async Task OnceAsync(bool drain, CancellationToken cancellationToken)
    {
        while (!await writer.WriteClosedWindowsAsync(drain, cancellationToken)) await Task.Delay(interval, time, cancellationToken);
    }

    /// <summary>Runs until the token is cancelled.</summary>
    public async Task RunAsync(bool drain, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await writer.WriteClosedWindowsAsync(drain, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is LakeException or LogException or RedisException or RedisCommandException or TimeoutException && Refusal.In(e) is null)
            {
                logger.LogError("No window was written: {Error} Trying again in {Interval}.", e.Message, Quantity.Format(interval));
            }

            await Task.Delay(interval, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
