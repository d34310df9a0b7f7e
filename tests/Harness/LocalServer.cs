using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Pipeline.Tests.Harness;

/// <summary>An HTTP server in the test process, for the fakes: says nothing in the test's output, and speaks HTTP/1.1 only.</summary>
internal static class LocalServer
{
    /// <param name="port">0 = a free one.</param>
    public static WebApplication Build(IPAddress address, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(address, port, listen => listen.Protocols = HttpProtocols.Http1));
        return builder.Build();
    }
}
