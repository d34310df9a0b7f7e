namespace Pipeline.Tests.Integration.Scheduling;

/// <summary>What can be wrong with a schedule's database while a program uses it.</summary>
public enum DatabaseFault
{
    /// <summary>Tables of the history and of Quartz are not there.</summary>
    Gone,

    /// <summary>The history can be used, and Quartz' tables cannot.</summary>
    Spoilt,

    /// <summary>Another program is at it, and does not end.</summary>
    Locked,

    /// <summary>There is no space left where it lies.</summary>
    Full,
}
