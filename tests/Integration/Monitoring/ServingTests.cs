using System.Net;
using System.Net.Sockets;
using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness;
using Pipeline.Tests.Harness.Monitoring;
using Pipeline.Tests.Harness.Pipelines;
using Pipeline.Tests.Harness.Prefect;
using Xunit;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>The programs serve metrics and health, whatever happens around them.</summary>
public sealed class ServingTests(RedisFixture redis)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Redis_that_stops_shows_within_seconds_and_so_does_its_return()
    {
        await using var server = await RedisServer.StartNewAsync();
        await using var rig = await PipelineRig.OpenAsync(server.ConnectionString);
        using var program = Start(rig, server.ConnectionString, "run", "--source", "mock", "--rate", "300", "--window", "1s", "--schedule", "1s");
        var address = await program.AddressAsync();
        await UntilAsync(address, "windows are written", s => s["pipeline_buffer_up"] == 1 && s["pipeline_writer_windows_written_total"] > 0);
        await UntilReadyAsync(address, HttpStatusCode.OK, "ready");

        await server.StopAsync();

        var down = await UntilAsync(address, "Redis is missed", s => s["pipeline_buffer_up"] == 0);
        down["pipeline_buffer_events"].Should().BeNull("the last value known is an old one");
        await UntilReadyAsync(address, HttpStatusCode.ServiceUnavailable, "buffer: Redis does not answer.");
        await UntilAsync(address, "the writer fails", s => s["pipeline_writer_runs_total{outcome=\"failed\"}"] > 0 && s["pipeline_buffer_append_failures_total"] > 0);
        using (var client = new HttpClient { BaseAddress = address }) (await client.GetStringAsync("healthz", Token)).Should().Be("alive\n");

        await server.StartAsync();

        var written = (await Scrape.OfAsync(address, Token))["pipeline_writer_windows_written_total"];
        await UntilAsync(address, "windows are written again", s => s["pipeline_buffer_up"] == 1 && s["pipeline_writer_windows_written_total"] > written, Deadlines.Recovery);
        await UntilReadyAsync(address, HttpStatusCode.OK, "ready");
    }

    [Fact]
    public async Task What_is_counted_is_what_the_lake_holds()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using (var ingest = Start(rig, redis.ConnectionString, "ingest", "--source", "mock", "--events", "5000"))
        {
            (await ingest.ExitCodeAsync(Token)).Should().Be(0, await ingest.OutputAsync());
        }

        using var write = Start(rig, redis.ConnectionString, "write", "--drain", "--window", "10s", "--schedule", "1s");
        var scrape = await UntilAsync(await write.AddressAsync(), "all is written", s => s["pipeline_buffer_events"] == 0 && s["pipeline_writer_windows_written_total"] > 0);

        using var lake = rig.Read();
        foreach (var (table, rows) in lake.CountByType())
        {
            scrape[$"pipeline_writer_rows_written_total{{type=\"{table}\"}}"].Should().Be(rows).And.BePositive();
            scrape[$"pipeline_writer_files_written_total{{type=\"{table}\"}}"].Should().Be(lake.Files(table).Count);
            scrape[$"pipeline_writer_file_bytes_written_total{{type=\"{table}\"}}"].Should().Be(lake.Files(table).Sum(f => new FileInfo(Path.Combine(lake.Lake, f)).Length));
        }

        (scrape["pipeline_writer_events_lost_total"], scrape["pipeline_buffer_oldest_unwritten_timestamp_seconds"]).Should().Be((0, 0));
        scrape["pipeline_writer_committed_timestamp_seconds"].Should().BeGreaterThanOrEqualTo(scrape["pipeline_buffer_last_entry_timestamp_seconds"]!.Value);
        scrape["pipeline_writer_window_duration_seconds_count"].Should().Be(scrape["pipeline_writer_windows_written_total"]);
    }

    [Fact]
    public async Task A_worker_says_how_far_apart_its_runs_are_so_that_it_is_not_called_late_too_soon()
    {
        await using var prefect = await FakePrefect.StartAsync();
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var worker = Start(rig, redis.ConnectionString, "worker", "--window", "1s", "--every", "42s", "--prefect-api", prefect.Api);

        var scrape = await Scrape.OfAsync(await worker.AddressAsync(), Token);

        (scrape["pipeline_writer_window_seconds"], scrape["pipeline_schedule_interval_seconds"]).Should().Be((1, 42));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_said_in_one_line()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = PipelineProgram.Start(
            ["ingest", "--source", "mock", "--rate", "10", "--log", rig.Log.Name, "--redis", redis.ConnectionString, "--listen", $"127.0.0.1:{port}"]);

        (await program.ExitCodeAsync(Token)).Should().Be(3);
        (await program.ErrorAsync()).Trim().Should().StartWith($"pipeline: Cannot listen on 127.0.0.1:{port}: ").And.Contain("--listen").And.NotContain("\n");
    }

    [Fact]
    public async Task Readers_that_never_read_do_not_hold_up_the_pipeline_nor_its_end()
    {
        await using var rig = await PipelineRig.OpenAsync(redis.ConnectionString);
        using var program = Start(rig, redis.ConnectionString, "run", "--source", "mock", "--rate", "500", "--window", "1s", "--schedule", "1s");
        var address = await program.AddressAsync();
        var readers = new List<Socket>();
        try
        {
            for (var n = 0; n < 50; n++) readers.Add(await AskAndNotReadAsync(address));

            var before = (await Scrape.OfAsync(address, Token))["pipeline_buffer_events_appended_total"];
            await UntilAsync(address, "events flow and windows are written", s => s["pipeline_buffer_events_appended_total"] > before + 1000 && s["pipeline_writer_windows_written_total"] > 0);
            program.Terminate();
            (await program.ExitsWithinAsync(Deadlines.CleanEnd, Token)).Should().BeTrue();
            (await program.ExitCodeAsync(Token)).Should().Be(0, await program.OutputAsync());
        }
        finally
        {
            readers.ForEach(r => r.Dispose());
        }
    }

    private static PipelineProgram Start(PipelineRig rig, string redis, string verb, params string[] arguments) => PipelineProgram.StartServing(
        [verb, .. arguments, "--log", rig.Log.Name, "--lake", rig.Lake.Path, "--redis", redis]);

    private static Task<Scrape> UntilAsync(Uri address, string what, Func<Scrape, bool> until, TimeSpan? deadline = null) =>
        Eventually.GetAsync(what, () => Scrape.OfAsync(address, Token), until, deadline ?? Deadlines.Container);

    private static async Task UntilReadyAsync(Uri address, HttpStatusCode status, string text)
    {
        using var client = new HttpClient { BaseAddress = address };
        await Eventually.GetAsync(
            $"/readyz to say {status}",
            async () =>
            {
                using var answer = await client.GetAsync("readyz", Token);
                return (answer.StatusCode, Text: await answer.Content.ReadAsStringAsync(Token));
            },
            answer => answer.StatusCode == status && answer.Text.Contains(text, StringComparison.Ordinal), Deadlines.Container);
    }

    /// <summary>Asks for the metrics many times over and leaves the answers in the network, so that it fills up.</summary>
    private static async Task<Socket> AskAndNotReadAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(address.Host, address.Port, Token);
        for (var n = 0; n < 20; n++) await socket.SendAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"), Token);
        return socket;
    }
}
