using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pipeline.Tests.Harness;

/// <summary>Ports for servers that have to know theirs before they start, or keep it while they are down.</summary>
public static class Ports
{
    /// <summary>A port nobody listens on, below the range the kernel hands out to outgoing connections, so that it stays free.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Any, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
