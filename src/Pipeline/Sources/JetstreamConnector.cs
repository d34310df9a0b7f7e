using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using Microsoft.Extensions.Logging;
using Polly;

namespace Pipeline.Sources;

/// <summary>
/// Opens sessions. An attempt succeeds when its first message has arrived: a host that accepts and stays silent, or hangs up at once,
/// counts as a failure, so the backoff starts anew only after a session that delivered.
/// </summary>
internal sealed class JetstreamConnector
{
    private readonly JetstreamOptions _options;
    private readonly JetstreamStatus _status;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<JetstreamSession> _retry;
    private JetstreamDisconnectedException? _lost;
    private int _host;

    public JetstreamConnector(JetstreamOptions options, JetstreamStatus status, ILogger logger, TimeProvider time)
    {
        _options = options;
        _status = status;
        _logger = logger;
        _time = time;
        _retry = ReconnectPolicy.Create(options, time, OnRetry);
    }

    private string Host => _options.Hosts[_host];

    /// <summary>Tries until a session delivers.</summary>
    /// <param name="cursor">Unix microseconds, inclusive; null = live.</param>
    public async Task<JetstreamSession> OpenAsync(long? cursor, CancellationToken cancellationToken) =>
        await _retry.ExecuteAsync(
            async (state, token) =>
            {
                // The loss of the last session counts as this one's first failure: it is logged, and waited for, like any other.
                if (Interlocked.Exchange(ref _lost, null) is { } lost)
                    throw lost;
                return await state.Self.AttemptAsync(state.cursor, token);
            },
            (Self: this, cursor),
            cancellationToken);

    /// <summary>Takes note of why a session that delivered has ended.</summary>
    public void Ended(JetstreamSession session, SessionEnd end)
    {
        _status.SetConnected(false);
        switch (end)
        {
            case SessionEnd.Stopped:
                break;
            case SessionEnd.ConsumerTooSlow:
                _status.ConsumerWasSlow();
                _logger.LogWarning(
                    "Left {Host}: its events were not taken for {Timeout}, with {Messages} waiting. No data is lost; the next session resumes after the last one taken",
                    Host, _options.SlowConsumerTimeout, session.Buffer.PeakCount);
                break;
            default:
                _lost = new JetstreamDisconnectedException(Reason(session, end), session.Error);
                break;
        }
    }

    private async Task<JetstreamSession> AttemptAsync(long? cursor, CancellationToken cancellationToken)
    {
        _status.Trying(Host);
        var session = new JetstreamSession(await ConnectAsync(cursor, cancellationToken), _options, _time);
        try
        {
            _status.SetConnected(true);
            _logger.LogInformation("Connected to {Host}, {From}", Host,
                cursor is { } us ? string.Create(CultureInfo.InvariantCulture, $"resuming at {us} ({Utc(us)})") : "live");
            if (await session.Buffer.WaitAsync(cancellationToken))
                return session;
            throw new JetstreamDisconnectedException(Reason(session, await session.Ended), session.Error);
        }
        catch
        {
            _status.SetConnected(false);
            await session.DisposeAsync();
            throw;
        }
    }

    private async Task<WebSocket> ConnectAsync(long? cursor, CancellationToken cancellationToken)
    {
        var address = JetstreamAddress.Subscription(Host, _options.Collections, cursor);
        using var deadline = new CancellationTokenSource(_options.ConnectTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(address, either.Token);
            socket.HttpResponseHeaders = null;
            return socket;
        }
        catch (Exception e)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            if (cancellationToken.IsCancellationRequested)
                throw new OperationCanceledException(e.Message, e, cancellationToken);
            if (deadline.IsCancellationRequested)
                throw new JetstreamDisconnectedException($"no answer to the handshake within {_options.ConnectTimeout}", e);
            throw new JetstreamDisconnectedException(Refusal(status, cursor, e), e);
        }
    }

    private void OnRetry(Exception failure, TimeSpan delay)
    {
        _status.Failed();
        var failed = Host;
        _host = (_host + 1) % _options.Hosts.Count;
        _status.Trying(Host);
        _logger.LogWarning("Jetstream {Host}: {Reason}. Trying {Next} in {Delay:F1} s", failed, failure.Message, Host, delay.TotalSeconds);
    }

    private string Reason(JetstreamSession session, SessionEnd end) => end switch
    {
        SessionEnd.Stalled => $"no message for {_options.NoEventsTimeout}",
        SessionEnd.Lost => $"connection lost ({session.Error?.Message})",
        SessionEnd.ClosedByServer => "the server closed the connection",
        _ => end.ToString(),
    };

    private static string Refusal(HttpStatusCode status, long? cursor, Exception error) => status switch
    {
        HttpStatusCode.BadRequest when cursor is { } us => string.Create(CultureInfo.InvariantCulture,
            $"refused the subscription with HTTP 400, probably for its cursor {us}; if every host does, look at the position in the log's last entry, and at --jetstream-hosts"),
        HttpStatusCode.BadRequest => "refused the subscription with HTTP 400: is it a Jetstream (--jetstream-hosts)?",
        0 => $"cannot connect ({error.GetBaseException().Message})",
        _ => $"refused the connection with HTTP {(int)status}",
    };

    private static string Utc(long us) =>
        us is >= 0 and < 253_402_300_800_000_000
            ? DateTimeOffset.UnixEpoch.AddMicroseconds(us).ToString("u", CultureInfo.InvariantCulture)
            : "not a time";
}
