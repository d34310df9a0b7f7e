namespace Pipeline.Events;

/// <summary>The wire names of <see cref="Operation"/>.</summary>
public static class Operations
{
    public static string Name(this Operation operation) => operation switch
    {
        Operation.Create => "create",
        Operation.Update => "update",
        _ => "delete",
    };
}
