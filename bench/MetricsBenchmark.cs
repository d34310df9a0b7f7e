using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Bench;

/// <summary>What metrics, health and the status page cost: processor time of <c>pipeline run</c> with them, scraped every second, beside one that does not listen.</summary>
internal static class MetricsBenchmark
{
    private const long Events = 1_000_000;

    /// <summary>Of a run that is mostly start and end, which is taken off the other.</summary>
    private const long Few = 50_000;

    private const double Limit = 1.05;
    private static readonly TimeSpan _scrapeEvery = TimeSpan.FromSeconds(1);

    public static async Task<Result> RunAsync(Workbench bench, BenchOptions options, CancellationToken cancellationToken)
    {
        var (rounds, scrapes) = (new Rounds(), 0);
        for (var round = 0; round < options.Rounds; round++)
        {
            var with = await MicrosecondsPerEventAsync(async events =>
            {
                var (run, seen) = await ScrapedAsync(bench, events, cancellationToken);
                scrapes += seen;
                return run;
            });
            var without = await MicrosecondsPerEventAsync(async events =>
            {
                await bench.ResetAsync(cancellationToken);
                return await PipelineProcess.RunAsync(bench, events, "none", null, cancellationToken);
            });
            rounds.Add("metrics", with, without);
        }

        if (scrapes == 0) throw new InvalidOperationException("Nothing was scraped.");
        return new Result(
            "metrics, scraped every second", Text($"{rounds.Measured:0.00} µs of processor time an event"), Text($"the same without (--listen none): {rounds.Reference:0.00} µs"),
            Text($"{rounds.Ratio:0.00} ({rounds.Spread})"), Text($"≤ {Limit:0.00}"), rounds.Ratio <= Limit);
    }

    private static async Task<double> MicrosecondsPerEventAsync(Func<long, Task<PipelineProcess>> run) =>
        ((await run(Events)).Processor - (await run(Few)).Processor).TotalMicroseconds / (Events - Few);

    private static async Task<(PipelineProcess Run, int Scrapes)> ScrapedAsync(Workbench bench, long events, CancellationToken cancellationToken)
    {
        await bench.ResetAsync(cancellationToken);
        using var client = new HttpClient();
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var (scrapes, last) = (0, Stopwatch.GetTimestamp());
        var run = await PipelineProcess.RunAsync(bench, events, address.ToString(), ScrapeAsync, cancellationToken);
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
