using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Tests.Harness.Monitoring;

/// <summary>
/// Slack's incoming webhooks, in the test process. Answers as Slack does: exactly <c>ok</c> to a message, 404 <c>no_service</c> to an unknown
/// webhook, 400 <c>invalid_payload</c> to what is no message. As with those of a Slack app, the webhook alone decides on the channel: what a message
/// says of one counts for nothing.
/// </summary>
public sealed class FakeSlack : IAsyncDisposable
{
    private const string Webhooks = "/services/T0/B0/";
    private const string Prefix = "#pipeline-";

    private readonly WebApplication _app;
    private readonly Lock _lock = new();
    private readonly List<SlackMessage> _messages = [];
    private readonly List<string> _mistakes = [];
    private volatile bool _outage;

    private FakeSlack(WebApplication app) => _app = app;

    /// <summary>The channels that have a webhook.</summary>
    public static IReadOnlyList<string> Channels { get; } = [Prefix + "critical", Prefix + "warnings", Prefix + "info"];

    /// <summary>Where it listens, for this process.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Every message so far, in order of arrival.</summary>
    public IReadOnlyList<SlackMessage> Messages => Locked(() => (IReadOnlyList<SlackMessage>)[.. _messages]);

    /// <summary>What was posted and refused; always empty when the sender is right.</summary>
    public IReadOnlyList<string> Mistakes => Locked(() => (IReadOnlyList<string>)[.. _mistakes]);

    public static async Task<FakeSlack> StartAsync()
    {
        // Any address: containers come from outside of the loopback.
        var app = LocalServer.Build(IPAddress.Any);
        var slack = new FakeSlack(app);
        app.Run(slack.HandleAsync);
        await app.StartAsync();
        slack.Address = new UriBuilder(app.Urls.Single()) { Host = "127.0.0.1" }.Uri;
        return slack;
    }

    /// <summary>The webhook of a channel, for this process.</summary>
    public Uri Webhook(string channel) => new(Address, Webhooks + channel.TrimStart('#'));

    /// <summary>The webhook of a channel, for a container that has <c>host.docker.internal</c>.</summary>
    public Uri WebhookForContainers(string channel) => new UriBuilder(Webhook(channel)) { Host = "host.docker.internal" }.Uri;

    /// <summary>From now on it answers 500 and keeps nothing, until <see cref="Recover"/>.</summary>
    public void Fail() => _outage = true;

    public void Recover() => _outage = false;

    /// <summary>Waits for the first message, of those after the first <paramref name="after"/>, that a condition holds of.</summary>
    public async Task<SlackMessage> WaitForAsync(string what, Func<SlackMessage, bool> condition, int after = 0, TimeSpan? deadline = null)
    {
        var found = await Eventually.GetAsync(
            $"a message to Slack: {what}", () => new Inbox([.. Messages.Skip(after)]), inbox => inbox.Messages.Any(condition), deadline ?? Deadlines.Alert);
        return found.Messages.First(condition);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var (status, answer) = Judge(context.Request, body);
        context.Response.StatusCode = status;
        await context.Response.WriteAsync(answer, context.RequestAborted);
    }

    private (int Status, string Answer) Judge(HttpRequest request, string body)
    {
        if (_outage) return (500, "rollup_error");
        var channel = Channels.FirstOrDefault(c => request.Path == Webhook(c).AbsolutePath);
        if (request.Method != HttpMethods.Post || channel is null) return Refuse(404, "no_service", $"{request.Method} {request.Path}");
        try
        {
            var message = SlackMessage.Parse(channel, body);
            Locked(() =>
            {
                _messages.Add(message);
                return 0;
            });
            return (200, "ok");
        }
        catch (JsonException e)
        {
            return Refuse(400, "invalid_payload", $"{e.Message} {body}");
        }
    }

    private (int Status, string Answer) Refuse(int status, string answer, string mistake)
    {
        Locked(() =>
        {
            _mistakes.Add(mistake);
            return 0;
        });
        return (status, answer);
    }

    private T Locked<T>(Func<T> act)
    {
        lock (_lock)
            return act();
    }

    private sealed record Inbox(IReadOnlyList<SlackMessage> Messages)
    {
        public override string ToString() => Messages.Count == 0 ? "none" : string.Join("\n", Messages);
    }
}
