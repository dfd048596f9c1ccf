using System.Management.Automation;
using System.Reflection;
using System.Reflection.Emit;

namespace OptimoveDC.Benchmarks.Workers;

/// <summary>
/// A cmdlet with the parameters of another and nothing behind them: what the engine takes for itself when it binds an
/// object to a cmdlet that has so many.
/// </summary>
public static class EmptyTwin
{
    /// <summary>Makes the twin of a cmdlet.</summary>
    /// <param name="cmdlet">The type of the original.</param>
    public static CmdletInfo Of(Type cmdlet)
    {
        ArgumentNullException.ThrowIfNull(cmdlet);
        var module = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("OptimoveDC.EmptyTwin"), AssemblyBuilderAccess.Run).DefineDynamicModule("OptimoveDC.EmptyTwin");
        var own = cmdlet.GetCustomAttribute<CmdletAttribute>()!;
        var twin = module.DefineType("Skip" + cmdlet.Name, TypeAttributes.Public | TypeAttributes.Sealed, typeof(PSCmdlet));
        twin.SetCustomAttribute(new CustomAttributeBuilder(
            typeof(CmdletAttribute).GetConstructor([typeof(string), typeof(string)])!,
            [VerbsCommon.Skip, own.VerbName + own.NounName],
            Settings<CmdletAttribute>(nameof(CmdletAttribute.DefaultParameterSetName), nameof(CmdletAttribute.SupportsShouldProcess), nameof(CmdletAttribute.ConfirmImpact)),
            [own.DefaultParameterSetName, own.SupportsShouldProcess, own.ConfirmImpact]));
        foreach (var property in cmdlet.GetProperties())
        {
            var declarations = property.GetCustomAttributes<ParameterAttribute>().ToArray();
            if (declarations.Length > 0)
            {
                DefineParameter(twin, property, declarations);
            }
        }

        return new CmdletInfo($"{VerbsCommon.Skip}-{own.VerbName}{own.NounName}", twin.CreateType());
    }

    private static void DefineParameter(TypeBuilder twin, PropertyInfo property, IEnumerable<ParameterAttribute> declarations)
    {
        var field = twin.DefineField("_" + property.Name, property.PropertyType, FieldAttributes.Private);
        var parameter = twin.DefineProperty(property.Name, PropertyAttributes.None, property.PropertyType, null);
        foreach (var declaration in declarations)
        {
            parameter.SetCustomAttribute(new CustomAttributeBuilder(
                typeof(ParameterAttribute).GetConstructor([])!,
                [],
                Settings<ParameterAttribute>(nameof(ParameterAttribute.Mandatory), nameof(ParameterAttribute.Position), nameof(ParameterAttribute.ParameterSetName), nameof(ParameterAttribute.ValueFromPipeline)),
                [declaration.Mandatory, declaration.Position, declaration.ParameterSetName, declaration.ValueFromPipeline]));
        }

        parameter.SetCustomAttribute(new CustomAttributeBuilder(typeof(AllowNullAttribute).GetConstructor([])!, []));
        const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;
        var getter = twin.DefineMethod("get_" + property.Name, Accessor, property.PropertyType, []);
        var code = getter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        parameter.SetGetMethod(getter);
        var setter = twin.DefineMethod("set_" + property.Name, Accessor, null, [property.PropertyType]);
        code = setter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        parameter.SetSetMethod(setter);
    }

    private static PropertyInfo[] Settings<T>(params IEnumerable<string> names) => [.. names.Select(name => typeof(T).GetProperty(name)!)];
}
