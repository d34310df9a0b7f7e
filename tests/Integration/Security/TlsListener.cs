using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pipeline.Tests.Integration.Security;

/// <summary>Shows a certificate to whoever connects, and counts what it is told after the handshake.</summary>
internal sealed class TlsListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;
    private int _attempts;
    private long _received;

    public TlsListener(X509Certificate2 certificate)
    {
        _listener.Start();
        _serving = ServeAsync(certificate);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Bytes that clients sent once the connection was secure.</summary>
    public long Received => Volatile.Read(ref _received);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(X509Certificate2 certificate)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _attempts);
                await using var tls = new SslStream(client.GetStream());
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stop.Token);
                Interlocked.Add(ref _received, await tls.ReadAsync(new byte[4096], _stop.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or AuthenticationException or IOException)
            {
                // The client hung up, as it should; or the test is over.
            }
        }
    }
}
