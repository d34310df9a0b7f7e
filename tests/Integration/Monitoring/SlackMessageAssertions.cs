using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;
using Pipeline.Tests.Harness.Monitoring;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>What an operator needs of a message.</summary>
internal sealed class SlackMessageAssertions(SlackMessage subject) : ReferenceTypeAssertions<SlackMessage, SlackMessageAssertions>(subject)
{
    protected override string Identifier => "message";

    /// <summary>It says what is wrong, where, how much, since when, and what to do; and nothing in it was left unfilled.</summary>
    /// <param name="where">The instance or job it is about.</param>
    /// <param name="runbook">The section of docs/operations.md.</param>
    public AndConstraint<SlackMessageAssertions> BeReadable(string where, string runbook)
    {
        using var scope = new AssertionScope(Subject.ToString());
        Subject.Title.Should().NotBeNullOrWhiteSpace();
        Subject.Text.Should().Contain(where).And.Contain($"docs/operations.md#{runbook}").And.MatchRegex(@"\d{2}:\d{2}");
        foreach (var leftover in new[] { "{{", "}}", "<no value>", "map[", "%!", "<nil>" })
        {
            Subject.Title.Should().NotContain(leftover);
            Subject.Text.Should().NotContain(leftover);
        }

        return new(this);
    }
}
