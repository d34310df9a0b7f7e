using System.CommandLine;
using Pipeline.Bench;

var names = new Argument<string[]>("names") { Description = $"What to measure: {string.Join(", ", Suite.Names)}, or all. [default: all but rss-long]", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong([.. Suite.Names, "all"]);
var events = new Option<int>("--events") { Description = "Events of the mock firehose.", DefaultValueFactory = _ => 450_000 };
var rounds = new Option<int>("--rounds") { Description = "Rounds, each with the pipeline and its references in turn; the median counts.", DefaultValueFactory = _ => 3 };
var rssEvents = new Option<long>("--rss-events") { Description = "Events of the run whose peak memory is measured; rss-long has ten times as many.", DefaultValueFactory = _ => 2_700_000 };
var isLong = new Option<bool>("--long") { Description = "More rounds of the hot paths, for minutes." };
var write = new Option<bool>("--write") { Description = $"Write the tables to {Report.Path} as well." };
var root = new RootCommand("Measures the pipeline beside redis-benchmark, DuckDB and a pipeline with one stream entry per event, on this machine. A missed target does not fail the run.")
{
    names, events, rounds, rssEvents, isLong, write,
};
root.Validators.Add(arguments =>
{
    var suite = new Suite(arguments.GetValue(names)!, new BenchOptions(0, 0, 0, false));
    if (arguments.GetValue(write) && suite.HasTargets && !suite.HasAllTargets) arguments.AddError("--write writes whole tables: name all of ingest, drain, memory, rss and metrics, or none of them.");
});
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new BenchOptions(arguments.GetValue(events), arguments.GetValue(rounds), arguments.GetValue(rssEvents), arguments.GetValue(isLong));
    var tables = await new Suite(arguments.GetValue(names)!, options).RunAsync(cancellationToken);
    var report = new Report(tables, await Machine.DescribeAsync(cancellationToken));
    Console.WriteLine();
    Console.WriteLine(report.ToText());
    if (arguments.GetValue(write)) report.Write();
    return 0;
});
return await root.Parse(args).InvokeAsync();
