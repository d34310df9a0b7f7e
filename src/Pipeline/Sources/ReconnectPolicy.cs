using Polly;
using Polly.Retry;

namespace Pipeline.Sources;

/// <summary>Retries for ever, first after about a second, then at growing, jittered distances up to the longest wait.</summary>
internal static class ReconnectPolicy
{
    /// <param name="onRetry">Failure and the wait before the next attempt.</param>
    public static ResiliencePipeline<JetstreamSession> Create(
        JetstreamOptions options, TimeProvider time, Action<Exception, TimeSpan> onRetry) =>
        new ResiliencePipelineBuilder<JetstreamSession> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<JetstreamSession>
            {
                ShouldHandle = new PredicateBuilder<JetstreamSession>().Handle<JetstreamDisconnectedException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.ReconnectDelay,
                MaxDelay = options.ReconnectDelayMax,
                OnRetry = args =>
                {
                    onRetry(args.Outcome.Exception!, args.RetryDelay);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
}
