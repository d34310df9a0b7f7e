namespace Pipeline.Sources;

/// <summary>How the connection is doing, for display and metrics; written by the source, read by anyone.</summary>
public sealed class JetstreamStatus
{
    private volatile string _host = "";
    private volatile bool _connected;
    private long _failures;
    private long _slowConsumerDisconnects;

    /// <summary>The host in use or tried next; empty before the first session.</summary>
    public string Host => _host;

    /// <summary>True between a handshake and the end of that session.</summary>
    public bool Connected => _connected;

    /// <summary>Connections that failed, stalled or were lost, since the start.</summary>
    public long Reconnects => Interlocked.Read(ref _failures);

    /// <summary>Sessions ended by ourselves because events were not taken fast enough, since the start.</summary>
    public long SlowConsumerDisconnects => Interlocked.Read(ref _slowConsumerDisconnects);

    internal void Trying(string host) => _host = host;

    internal void SetConnected(bool connected) => _connected = connected;

    internal void Failed() => Interlocked.Increment(ref _failures);

    internal void ConsumerWasSlow() => Interlocked.Increment(ref _slowConsumerDisconnects);
}
