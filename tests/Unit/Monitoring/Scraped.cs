using System.Text;
using Pipeline.Monitoring;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

internal static class Scraped
{
    public static async Task<Scrape> FromAsync(MetricsRegistry metrics)
    {
        using var stream = new MemoryStream();
        await metrics.WriteAsync(stream, TestContext.Current.CancellationToken);
        return Scrape.Parse(Encoding.UTF8.GetString(stream.ToArray()));
    }
}
