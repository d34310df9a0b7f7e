using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

internal static class SlackMessageShould
{
    public static SlackMessageAssertions Should(this SlackMessage message) => new(message);
}
