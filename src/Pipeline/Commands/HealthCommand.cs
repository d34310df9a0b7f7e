using System.CommandLine;

namespace Pipeline.Commands;

/// <summary><c>pipeline health</c>: asks a running program how it is, for a container that has no other client to ask with.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);
    private static readonly Option<string> _url = new("--url")
    {
        Description = "What to ask: /readyz whether it does its work, /healthz whether it is alive. [default: http://127.0.0.1:9464/readyz]",
        DefaultValueFactory = _ => $"http://127.0.0.1:{ListenAddress.RunPort}/readyz",
        HelpName = "url",
    };

    public static Command Create()
    {
        var command = Verb.CreateJudge(
            "health", "Ask a running program how it is (--listen). Exit code 0 when it is well, 1 with the problems when it is not, 3 when it does not answer.",
            "pipeline health\npipeline health --url http://127.0.0.1:9466/healthz", [], RunAsync);
        command.Options.Add(_url);
        return command;
    }

    private static async Task<int> RunAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var address = context.Arguments.GetValue(_url)!;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new UsageException($"--url is '{address}'; use an address such as http://127.0.0.1:9464/readyz.");
        using var client = new HttpClient { Timeout = _patience };
        try
        {
            using var answer = await client.GetAsync(url, cancellationToken);
            var text = (await answer.Content.ReadAsStringAsync(cancellationToken)).TrimEnd();
            Console.Out.WriteLine(text.Length > 0 ? text : $"{url} answers with HTTP {(int)answer.StatusCode} and no text; is it the address of a pipeline (--url)?");
            return answer.IsSuccessStatusCode ? ExitCode.Ok : ExitCode.Findings;
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new EnvironmentException($"{url} does not answer ({(e is TaskCanceledException ? $"within {_patience.TotalSeconds:0} s" : e.Message.TrimEnd('.'))}). Is the program running, and does its --listen say so?", e);
        }
    }
}
