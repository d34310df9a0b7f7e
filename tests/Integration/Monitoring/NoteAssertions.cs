using FluentAssertions;
using FluentAssertions.Execution;
using FluentAssertions.Primitives;

namespace Pipeline.Tests.Integration.Monitoring;

/// <summary>What an operator needs of a message.</summary>
public sealed class NoteAssertions(Note subject) : ReferenceTypeAssertions<Note, NoteAssertions>(subject)
{
    protected override string Identifier => "note";

    /// <summary>It says in these words what is wrong, and where, since when and what to do; nothing in it was left unfilled.</summary>
    /// <param name="what">A pattern with the value in it.</param>
    /// <param name="where">The instance or job it is about.</param>
    public AndConstraint<NoteAssertions> Tell(string what, string where)
    {
        using var scope = new AssertionScope(Subject.ToString());
        Subject.Title.Should().MatchRegex("^(CRITICAL|Warning|Info): .+");
        Subject.Text.Should().MatchRegex(what).And.MatchRegex($@"\nWhere: .*{where}")
            .And.MatchRegex(@"\nSince: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, (\d+d )?(\d+h )?(\d+m )?\d+s ago\n").And.Contain($"docs/operations.md#{Subject.Alert.ToLowerInvariant()}").And.Contain("|Dashboard>");
        BeFilled();
        return new(this);
    }

    /// <summary>It says that this is over, and from when to when it was.</summary>
    public AndConstraint<NoteAssertions> TellTheEnd(string where)
    {
        using var scope = new AssertionScope(Subject.ToString());
        Subject.Text.Should().StartWith("*Resolved: ").And.MatchRegex($@"\nWhere: .*{where}").And.MatchRegex(@"\nFrom \d{4}-\d\d-\d\d \d\d:\d\d:\d\d to \d\d:\d\d:\d\d UTC, for (\d+d )?(\d+h )?(\d+m )?\d+s\n");
        BeFilled();
        return new(this);
    }

    private void BeFilled()
    {
        foreach (var unfilled in new[] { "{{", "}}", "<no value>", "map[", "%!", "<nil>", "<error" }) $"{Subject.Title} {Subject.Text}".Should().NotContain(unfilled);
    }
}
