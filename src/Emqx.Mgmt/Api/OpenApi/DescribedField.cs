namespace Emqx.Mgmt.Api.OpenApi;

/// <summary>A field of an answer that is written from a table: all that the API's description says of it.</summary>
/// <param name="Name">As it stands in JSON.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Form">What its value looks like.</param>
/// <param name="IsNullable">Whether it may be null or left out.</param>
internal record DescribedField(string Name, string Summary, FieldForm Form, bool IsNullable);

/// <summary>What the value of a field looks like.</summary>
internal enum FieldForm
{
    Text,
    Boolean,
    Int32,
    Int64,
    Moment,
    Texts,
    NumberOrInfinity,
}

/// <summary>An answer whose fields stand in a table; such a type has no properties, it only gives the answer its name.</summary>
internal interface IFieldTable
{
    static abstract IReadOnlyList<DescribedField> Fields { get; }
}
