using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Bench;

/// <summary>What metrics, health and the status page cost: processor time of <c>pipeline run</c> with them, scraped every second, beside one that does not listen.</summary>
internal static class MetricsBenchmark
{
    private const long Events = 1_000_000;
    private const double Limit = 1.05;
    private static readonly TimeSpan _scrapeEvery = TimeSpan.FromSeconds(1);

    public static async Task<Result> RunAsync(Workbench bench, BenchOptions options, CancellationToken cancellationToken)
    {
        var (rounds, scrapes) = (new Rounds(), 0);
        for (var round = 0; round < options.Rounds; round++)
        {
            var (with, seen) = await ScrapedAsync(bench, cancellationToken);
            scrapes += seen;
            await bench.ResetAsync(cancellationToken);
            var without = await PipelineProcess.RunAsync(bench, Events, "none", null, cancellationToken);
            rounds.Add("metrics", with.Processor.TotalMicroseconds / Events, without.Processor.TotalMicroseconds / Events);
        }

        if (scrapes == 0) throw new InvalidOperationException("Nothing was scraped.");
        return new Result(
            "metrics, scraped every second", Text($"{rounds.Measured:0.00} µs of processor time an event"), Text($"the same without (--listen none): {rounds.Reference:0.00} µs"),
            Text($"{rounds.Ratio:0.00} ({rounds.Spread})"), Text($"≤ {Limit:0.00}"), rounds.Ratio <= Limit);
    }

    private static async Task<(PipelineProcess Run, int Scrapes)> ScrapedAsync(Workbench bench, CancellationToken cancellationToken)
    {
        await bench.ResetAsync(cancellationToken);
        using var client = new HttpClient();
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var (scrapes, last) = (0, Stopwatch.GetTimestamp());
        var run = await PipelineProcess.RunAsync(bench, Events, address.ToString(), ScrapeAsync, cancellationToken);
        return (run, scrapes);

        async Task ScrapeAsync()
        {
            if (Stopwatch.GetElapsedTime(last) < _scrapeEvery) return;
            last = Stopwatch.GetTimestamp();
            try
            {
                await client.GetStringAsync(new Uri($"http://{address}/metrics"), cancellationToken);
                scrapes++;
            }
            catch (HttpRequestException)
            {
                // Not up yet, or gone.
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
