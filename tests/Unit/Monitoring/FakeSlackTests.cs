using System.Net;
using System.Text;
using FluentAssertions;
using Pipeline.Tests.Harness.Monitoring;
using Xunit;

namespace Pipeline.Tests.Unit.Monitoring;

/// <summary>The Slack of the live tests answers as Slack does, and keeps what it was sent.</summary>
public sealed class FakeSlackTests : IAsyncLifetime
{
    private const string Channel = "#pipeline-warnings";

    private const string Message =
        """{"channel":"#a","username":"Pipeline","attachments":[{"title":"T","title_link":"http://x","text":"one\ntwo","fallback":"F","color":"danger"}]}""";

    private readonly HttpClient _http = new();
    private FakeSlack _slack = null!;

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _slack = await FakeSlack.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _slack.DisposeAsync();
    }

    [Fact]
    public async Task A_message_is_kept_and_answered_with_ok_and_nothing_else()
    {
        (await PostAsync(_slack.Webhook(Channel), Message)).Should().Be((HttpStatusCode.OK, "ok"));

        _slack.Messages.Should().Equal(new SlackMessage(Channel, "Pipeline", "T", "http://x", "one\ntwo", "F", "danger", Message));
        _slack.Mistakes.Should().BeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("""{"channel":"#a"}""")]
    [InlineData("""{"channel":"#a","attachments":[]}""")]
    public async Task What_is_no_message_is_refused_and_remembered(string body)
    {
        (await PostAsync(_slack.Webhook(Channel), body)).Should().Be((HttpStatusCode.BadRequest, "invalid_payload"));

        _slack.Messages.Should().BeEmpty();
        _slack.Mistakes.Should().ContainSingle();
    }

    [Fact]
    public async Task A_message_comes_to_the_channel_of_its_webhook_whatever_it_says()
    {
        foreach (var channel in FakeSlack.Channels) await PostAsync(_slack.Webhook(channel), Message);

        _slack.Messages.Select(m => m.Channel).Should().Equal("#pipeline-critical", "#pipeline-warnings", "#pipeline-info");
    }

    [Fact]
    public async Task An_unknown_webhook_is_refused()
    {
        (await PostAsync(new Uri(_slack.Address, "/services/other"), Message)).Should().Be((HttpStatusCode.NotFound, "no_service"));

        _slack.Mistakes.Should().ContainSingle();
    }

    [Fact]
    public async Task An_outage_keeps_nothing_and_ends()
    {
        _slack.Fail();
        (await PostAsync(_slack.Webhook(Channel), Message)).Status.Should().Be(HttpStatusCode.InternalServerError);
        _slack.Recover();
        (await PostAsync(_slack.Webhook(Channel), Message)).Status.Should().Be(HttpStatusCode.OK);

        _slack.Messages.Should().ContainSingle();
    }

    [Fact]
    public async Task Waiting_looks_only_at_what_came_later()
    {
        await PostAsync(_slack.Webhook(Channel), Message);
        await PostAsync(_slack.Webhook(Channel), Message.Replace("\"T\"", "\"U\"", StringComparison.Ordinal));

        (await _slack.WaitForAsync("the second", m => m.Channel == Channel, after: 1)).Title.Should().Be("U");
        var third = () => _slack.WaitForAsync("a third", m => m.Channel == Channel, after: 2, TimeSpan.FromMilliseconds(60));

        await third.Should().ThrowAsync<TimeoutException>().WithMessage("*a third; last seen: none*");
    }

    private async Task<(HttpStatusCode Status, string Answer)> PostAsync(Uri address, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await _http.PostAsync(address, content, Stopping);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stopping));
    }
}
