using System.CommandLine;
using Pipeline.Bench;

var names = new Argument<string[]>("names") { Description = $"What to measure: {string.Join(", ", Suite.Names)}, or all. [default: all but rss]", Arity = ArgumentArity.ZeroOrMore };
names.AcceptOnlyFromAmong([.. Suite.Names, "all"]);
var events = new Option<int>("--events") { Description = "Events of the mock firehose.", DefaultValueFactory = _ => 450_000 };
var rounds = new Option<int>("--rounds") { Description = "Rounds, each with the pipeline and its reference in turn; the median counts.", DefaultValueFactory = _ => 3 };
var rssEvents = new Option<long>("--rss-events") { Description = "Events of the run whose peak memory is measured.", DefaultValueFactory = _ => 2_700_000 };
var write = new Option<bool>("--write") { Description = $"Write the table to {Report.Path} as well." };
var root = new RootCommand("Measures the pipeline beside redis-benchmark and DuckDB on this machine. A missed target does not fail the run.")
{
    names, events, rounds, rssEvents, write,
};
root.SetAction(async (arguments, cancellationToken) =>
{
    var options = new BenchOptions(arguments.GetValue(events), arguments.GetValue(rounds), arguments.GetValue(rssEvents));
    var results = await Suite.RunAsync(arguments.GetValue(names)!, options, cancellationToken);
    var report = new Report(results, await Machine.DescribeAsync(cancellationToken), options);
    Console.WriteLine();
    Console.WriteLine(report.ToText());
    if (arguments.GetValue(write)) report.Write();
    return 0;
});
return await root.Parse(args).InvokeAsync();
